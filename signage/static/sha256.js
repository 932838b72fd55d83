/* SHA-256 (FIPS 180-4) for pages that are not served over https, where browsers withhold crypto.subtle.
 * Works in slices, so that a large film does not freeze the picture: sha256(bytes, done(hex)). */
(function (BT) {
  'use strict';

  var K = [], START = [];
  (function constants() { /* the first 32 bits of the fractional parts of the roots of the first 64 primes */
    var n = 2, found = 0, i, prime;
    while (found < 64) {
      prime = true;
      for (i = 2; i * i <= n; i++) { if (n % i === 0) { prime = false; break; } }
      if (prime) {
        if (found < 8) { START.push((Math.sqrt(n) % 1) * 4294967296 | 0); }
        K.push((Math.pow(n, 1 / 3) % 1) * 4294967296 | 0);
        found++;
      }
      n++;
    }
  }());

  function block(state, bytes, at, w) {
    var i, s0, s1, ch, maj, t1, t2;
    var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (i = 0; i < 16; i++, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (; i < 64; i++) {
      s0 = w[i - 15]; s1 = w[i - 2];
      s0 = ((s0 >>> 7) | (s0 << 25)) ^ ((s0 >>> 18) | (s0 << 14)) ^ (s0 >>> 3);
      s1 = ((s1 >>> 17) | (s1 << 15)) ^ ((s1 >>> 19) | (s1 << 13)) ^ (s1 >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    for (i = 0; i < 64; i++) {
      s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      ch = (e & f) ^ (~e & g);
      t1 = (h + s1 + ch + K[i] + w[i]) | 0;
      s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      maj = (a & b) ^ (a & c) ^ (b & c);
      t2 = (s0 + maj) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] = (state[0] + a) | 0; state[1] = (state[1] + b) | 0; state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0; state[4] = (state[4] + e) | 0; state[5] = (state[5] + f) | 0;
    state[6] = (state[6] + g) | 0; state[7] = (state[7] + h) | 0;
  }

  function tail(bytes) { /* the last partial block, the 1 bit and the length */
    var rest = bytes.length % 64, out = new Uint8Array(rest < 56 ? 64 : 128), bits = bytes.length * 8, i;
    out.set(bytes.subarray(bytes.length - rest));
    out[rest] = 0x80;
    for (i = 0; i < 6; i++) { out[out.length - 1 - i] = Math.floor(bits / Math.pow(256, i)) % 256; }
    return out;
  }

  function text(state) {
    return state.map(function (n) { return ('0000000' + (n >>> 0).toString(16)).slice(-8); }).join('');
  }

  BT.sha256 = function (bytes, done, slice) {
    var state = START.slice(), w = new Int32Array(64), at = 0, whole = bytes.length - bytes.length % 64;
    slice = slice || 262144;
    (function some() {
      var until = Math.min(whole, at + slice), last, i;
      for (; at < until; at += 64) { block(state, bytes, at, w); }
      if (at < whole) { setTimeout(some, 0); return; }
      last = tail(bytes);
      for (i = 0; i < last.length; i += 64) { block(state, last, i, w); }
      done(text(state));
    }());
  };
}(window.BangTin = window.BangTin || {}));
