/* Talking to the server: one request, one answer, always one callback, and the clock listens to each. */
(function (BT) {
  'use strict';

  var PATIENCE_MS = 20000;

  /* options: {method, url, token, json, etag, binary, timeout, accept}; done({status, text, body, etag, signature, retryMs, problem}) */
  BT.request = function (clock, options, done) {
    var xhr = new XMLHttpRequest(), sent = BT.mono(), settled = false;
    function header(name) { try { return xhr.getResponseHeader(name); } catch (e) { return null; } }
    function finish(status) {
      if (settled) { return; }
      settled = true;
      var retry = status ? Number(header('Retry-After')) : 0;
      if (status && clock) { clock.heard(Date.parse(header('Date')), sent, BT.mono()); }
      done({
        status: status,
        body: options.binary && status ? xhr.response : null,
        text: !options.binary && status ? xhr.responseText : '',
        etag: status ? header('ETag') : null,
        signature: status ? header('Manifest-Signature') : null,
        problem: status >= 400 && /problem\+json/.test(header('Content-Type') || ''),
        retryMs: retry > 0 ? Math.min(retry, 3600) * 1000 : 0
      });
    }
    try {
      xhr.open(options.method || 'GET', options.url, true);
      xhr.timeout = options.timeout || PATIENCE_MS;
      if (options.binary) { xhr.responseType = 'arraybuffer'; }
      if (options.token) { xhr.setRequestHeader('Authorization', 'Bearer ' + options.token); }
      if (options.accept) { xhr.setRequestHeader('Accept', options.accept); }
      if (options.etag) { xhr.setRequestHeader('If-None-Match', options.etag); }
      if (options.json) { xhr.setRequestHeader('Content-Type', 'application/json'); }
      if (options.raw) { xhr.setRequestHeader('Content-Type', options.raw.type); }
      xhr.onload = function () { finish(xhr.status); };
      xhr.onerror = xhr.ontimeout = xhr.onabort = function () { finish(0); };
      xhr.send(options.json ? JSON.stringify(options.json) : options.raw || null);
    } catch (e) { finish(0); }
    /* some engines never fire ontimeout */
    setTimeout(function () { if (!settled) { try { xhr.abort(); } catch (e) { finish(0); } } }, (options.timeout || PATIENCE_MS) + 5000);
  };

  BT.parse = function (text) { try { return JSON.parse(text); } catch (e) { return null; } };
}(window.BangTin = window.BangTin || {}));
