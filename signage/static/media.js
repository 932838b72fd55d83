/* The pictures and films a screen holds: fetched whole, checked against their hash, kept; nothing unchecked is shown. */
(function (BT) {
  'use strict';

  var TRIES = 3;
  var AGAIN_MS = 60000;
  var PICTURE_WAIT_MS = 120000;

  function Media(vault, clock, report) {
    this.vault = vault;
    this.clock = clock;
    this.report = report; /* report(code, detail) */
    this.have = {}; /* key -> true (in the vault) or the Blob itself where the vault has no room */
    this.failed = {}; /* key -> {tries, at} */
    this.queue = [];
    this.busy = false;
    this.changed = function () {};
  }

  var fn = Media.prototype;

  fn.load = function (done) {
    var self = this;
    this.vault.keys('media', function (keys) {
      keys.forEach(function (k) { self.have[k] = true; });
      done();
    });
  };

  Media.parts = function (entry) {
    var parts = [{ key: entry.sha256, url: entry.media_url, sha256: entry.sha256, bytes: entry.bytes, mime: entry.mime }];
    if (entry.qr) { parts.push({ key: entry.qr.image_url, url: entry.qr.image_url, sha256: null, mime: 'image/png' }); }
    return parts;
  };

  fn.ready = function (entry) {
    var self = this;
    return Media.parts(entry).every(function (p) { return !!self.have[p.key]; });
  };

  /* given up for now: tried often enough, or found undecodable */
  fn.hopeless = function (entry) {
    var self = this;
    return Media.parts(entry).some(function (p) {
      var f = self.failed[p.key];
      return !!f && f.tries >= TRIES;
    });
  };

  /* entries in the order of need; replaces what was wanted before */
  fn.want = function (entries) {
    var queue = [], seen = {}, self = this;
    entries.forEach(function (entry) {
      Media.parts(entry).forEach(function (p) {
        if (!seen[p.key]) { seen[p.key] = 1; if (!self.have[p.key]) { queue.push(p); } }
      });
    });
    this.queue = queue;
    this.next();
  };

  fn.due = function (part) {
    var f = this.failed[part.key];
    return !f || BT.mono() - f.at > Math.min(AGAIN_MS, 2000 * Math.pow(3, f.tries));
  };

  fn.next = function () {
    var self = this, i, part;
    if (this.busy) { return; }
    for (i = 0; i < this.queue.length; i++) {
      if (this.due(this.queue[i])) { part = this.queue[i]; break; }
    }
    if (!part) {
      if (this.queue.length && !this.timer) {
        this.timer = setTimeout(function () { self.timer = null; self.next(); }, 2000);
      }
      return;
    }
    this.busy = true;
    this.fetch(part, function (problem, blob) {
      self.busy = false;
      if (problem) { self.fail(part, problem); } else { self.keep(part, blob); }
      self.changed();
      self.next();
    });
  };

  fn.fail = function (part, problem) {
    var f = this.failed[part.key] || (this.failed[part.key] = { tries: 0, at: 0 });
    f.tries++;
    f.at = BT.mono();
    this.report('media-' + problem, part.key);
  };

  fn.keep = function (part, blob) {
    var self = this;
    this.have[part.key] = blob;
    delete this.failed[part.key];
    this.queue = this.queue.filter(function (p) { return p.key !== part.key; });
    this.vault.put('media', part.key, blob, function (ok) {
      if (ok) { if (self.have[part.key]) { self.have[part.key] = true; } } else { self.report('storage-full', part.key); }
    });
  };

  fn.fetch = function (part, done) {
    /* a second try goes round whatever cache holds the damaged bytes */
    var tries = (this.failed[part.key] || { tries: 0 }).tries;
    BT.request(this.clock, { url: part.url + (tries ? '?again=' + tries : ''), binary: true, timeout: PICTURE_WAIT_MS }, function (answer) {
      if (answer.status !== 200 || !answer.body) { done(answer.status ? 'refused' : 'unreachable'); return; }
      var bytes = new Uint8Array(answer.body);
      if (part.bytes && bytes.length !== part.bytes) { done('short'); return; }
      if (!part.sha256) { done(bytes.length ? null : 'short', new Blob([bytes], { type: part.mime })); return; }
      hash(bytes, function (hex) {
        if (hex === part.sha256) { done(null, new Blob([bytes], { type: part.mime })); } else { done('hash'); }
      });
    });
  };

  function hash(bytes, done) {
    var subtle = window.crypto && window.isSecureContext !== false && crypto.subtle;
    if (!subtle || !window.Promise) { BT.sha256(bytes, done); return; }
    subtle.digest('SHA-256', bytes).then(function (buffer) {
      done(Array.prototype.map.call(new Uint8Array(buffer), function (b) { return ('0' + b.toString(16)).slice(-2); }).join(''));
    }, function () { BT.sha256(bytes, done); });
  }

  /* done(address) of a kept thing, '' where it cannot be read any more; give it back with release */
  fn.address = function (key, done) {
    var self = this, held = this.have[key];
    function give(blob) {
      if (blob && blob.size) { done(URL.createObjectURL(blob)); return; }
      delete self.have[key]; /* the vault lost it: fetch it again */
      done('');
    }
    if (held && held !== true) { give(held); return; }
    this.vault.get('media', key, give);
  };

  fn.release = function (address) { if (address) { URL.revokeObjectURL(address); } };

  fn.reject = function (entry) {
    var self = this;
    Media.parts(entry).forEach(function (p) {
      delete self.have[p.key];
      self.vault.remove('media', p.key);
      self.failed[p.key] = { tries: TRIES, at: BT.mono() };
    });
    this.report('media-undecodable', entry.sha256);
  };

  fn.prune = function (entries) {
    var needed = {}, self = this;
    entries.forEach(function (e) { Media.parts(e).forEach(function (p) { needed[p.key] = 1; }); });
    Object.keys(this.have).forEach(function (k) {
      if (!needed[k]) { delete self.have[k]; self.vault.remove('media', k); }
    });
  };

  fn.count = function (entries) {
    return { have: entries.filter(this.ready, this).length, want: entries.length };
  };

  fn.forget = function (done) {
    this.have = {};
    this.failed = {};
    this.vault.clear('media', done);
  };

  /* done(types): what is decoded beyond JPEG and PNG, as an Accept header; the browser is given a pixel to read */
  BT.decodes = function (done) {
    var img = new Image(), end = BT.once(function () { done(img.width === 1 ? 'application/json, image/webp' : ''); });
    img.onload = img.onerror = end;
    setTimeout(end, 2000);
    img.src = 'data:image/webp;base64,UklGRh4AAABXRUJQVlA4TBEAAAAvAAAAAAfQozY0tP+BiOh/AAA=';
  };

  BT.Media = Media;
}(window.BangTin = window.BangTin || {}));
