/* Whether a manifest was made by the server that enrolled this screen (Ed25519, the key was handed over then). */
(function (BT) {
  'use strict';

  function bytes(base64) {
    var text = atob(base64), out = new Uint8Array(text.length), i;
    for (i = 0; i < text.length; i++) { out[i] = text.charCodeAt(i); }
    return out;
  }

  function utf8(text) {
    var raw = unescape(encodeURIComponent(text)), out = new Uint8Array(raw.length), i;
    for (i = 0; i < raw.length; i++) { out[i] = raw.charCodeAt(i); }
    return out;
  }

  BT.genuine = function (text, signature, key) {
    try { return window.nacl.sign.detached.verify(utf8(text), bytes(signature), bytes(key)); } catch (e) { return false; }
  };

  /* done(good, why not); a screen that was given no key takes what it gets */
  BT.trusted = function (vault, answer, done) {
    vault.get('kv', 'manifest-key', function (key) {
      if (!key) { done(true); } else if (!answer.signature) { done(false, 'unsigned'); } else {
        done(BT.genuine(answer.text, answer.signature, key), 'forged');
      }
    });
  };
}(window.BangTin = window.BangTin || {}));
