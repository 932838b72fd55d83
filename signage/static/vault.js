/* What a screen keeps: small values, the log of plays, pictures. IndexedDB where it works, localStorage for the
 * first two where it does not, memory at the very worst. Every call answers through a callback, also on failure. */
(function (BT) {
  'use strict';

  var STORES = ['kv', 'plays', 'media'];
  var OPEN_WAIT_MS = 4000; /* some engines never answer an open(): do not wait for them */
  function nothing() {}

  function Idb(db) { this.db = db; this.name = 'indexeddb'; this.media = true; }

  var fn = Idb.prototype;

  fn.tx = function (store, mode, work, done) {
    var tx, result, end = BT.once(function (ok) { done(ok, result); });
    try {
      /* strict: what was acknowledged as written must outlive a power cut */
      tx = mode === 'readwrite' && store === 'plays'
        ? this.db.transaction(store, mode, { durability: 'strict' }) : this.db.transaction(store, mode);
      tx.oncomplete = function () { end(true); };
      tx.onabort = function () { end(false); };
      tx.onerror = function (event) { if (event.preventDefault) { event.preventDefault(); } end(false); };
      work(tx.objectStore(store), function (value) { result = value; });
    } catch (e) { end(false); }
  };
  fn.get = function (store, key, done) {
    this.tx(store, 'readonly', function (s, keep) {
      var r = s.get(key);
      r.onsuccess = function () { keep(r.result); };
    }, function (ok, value) { done(ok && value !== undefined ? value : null); });
  };
  fn.put = function (store, key, value, done) {
    this.tx(store, 'readwrite', function (s) { s.put(value, key); }, done || nothing);
  };
  fn.remove = function (store, key, done) {
    this.tx(store, 'readwrite', function (s) { s['delete'](key); }, done || nothing);
  };
  fn.removeUpTo = function (store, key, done) {
    this.tx(store, 'readwrite', function (s) { s['delete'](IDBKeyRange.upperBound(key)); }, done || nothing);
  };
  fn.clear = function (store, done) {
    this.tx(store, 'readwrite', function (s) { s.clear(); }, done || nothing);
  };
  fn.all = function (store, done) {
    this.walk(store, function (cursor) { return cursor.value; }, done);
  };
  fn.keys = function (store, done) {
    this.walk(store, function (cursor) { return cursor.key; }, done);
  };
  fn.walk = function (store, pick, done) {
    this.tx(store, 'readonly', function (s, keep) {
      var list = [], r = s.openCursor();
      keep(list);
      r.onsuccess = function () {
        if (r.result) { list.push(pick(r.result)); r.result['continue'](); }
      };
    }, function (ok, list) { done(ok ? list : []); });
  };

  /* localStorage is synchronous: the callbacks are called before the function returns */
  function Local(box, name) { this.box = box; this.name = name; this.media = false; this.blobs = {}; }
  function path(store, key) { return 'bangtin/' + store + '/' + key; }
  var box = Local.prototype;
  box.get = function (store, key, done) {
    if (store === 'media') { done(this.blobs[key] || null); return; }
    var text = null;
    try { text = this.box.getItem(path(store, key)); } catch (e) { text = null; }
    done(text === null ? null : JSON.parse(text));
  };
  box.put = function (store, key, value, done) {
    var ok = true;
    if (store === 'media') { this.blobs[key] = value; } else {
      try { this.box.setItem(path(store, key), JSON.stringify(value)); } catch (e) { ok = false; }
    }
    (done || nothing)(ok);
  };
  box.remove = function (store, key, done) {
    if (store === 'media') { delete this.blobs[key]; } else {
      try { this.box.removeItem(path(store, key)); } catch (e) { /* nothing there */ }
    }
    (done || nothing)(true);
  };
  box.keys = function (store, done) {
    var list = [], prefix = path(store, ''), i, k;
    if (store === 'media') { done(Object.keys(this.blobs)); return; }
    for (i = 0; i < this.box.length; i++) {
      k = this.box.key(i);
      if (k && k.indexOf(prefix) === 0) {
        k = k.slice(prefix.length);
        list.push(store === 'plays' ? Number(k) : k);
      }
    }
    done(list);
  };
  box.all = function (store, done) {
    var self = this, out = [];
    this.keys(store, function (keys) {
      keys.forEach(function (k) {
        try { self.get(store, k, function (v) { if (v) { out.push(v); } }); } catch (e) { self.remove(store, k); }
      });
      done(out);
    });
  };
  box.removeUpTo = function (store, key, done) {
    var self = this;
    this.keys(store, function (keys) {
      keys.forEach(function (k) { if (k <= key) { self.remove(store, k); } });
      (done || nothing)(true);
    });
  };
  box.clear = function (store, done) {
    var self = this;
    this.keys(store, function (keys) { keys.forEach(function (k) { self.remove(store, k); }); (done || nothing)(true); });
  };

  function Shoebox() { this.map = {}; this.length = 0; }
  Shoebox.prototype.getItem = function (k) { return this.map.hasOwnProperty(k) ? this.map[k] : null; };
  Shoebox.prototype.setItem = function (k, v) { if (!this.map.hasOwnProperty(k)) { this.length++; } this.map[k] = v; };
  Shoebox.prototype.removeItem = function (k) { if (this.map.hasOwnProperty(k)) { this.length--; } delete this.map[k]; };
  Shoebox.prototype.key = function (i) { return Object.keys(this.map)[i]; };

  function second(done) {
    try {
      window.localStorage.setItem('bangtin/try', '1');
      window.localStorage.removeItem('bangtin/try');
      done(new Local(window.localStorage, 'localstorage'));
    } catch (e) { done(new Local(new Shoebox(), 'memory')); }
  }

  BT.openVault = function (done) {
    var settled = false, request;
    function settle(db) {
      if (settled) { if (db) { db.close(); } return; }
      settled = true;
      if (db) { done(new Idb(db)); } else { second(done); }
    }
    if (/[?&]store=local/.test(location.search)) { settle(null); return; }
    try {
      request = window.indexedDB.open('bangtin', 1);
      request.onupgradeneeded = function () {
        STORES.forEach(function (s) { request.result.createObjectStore(s); });
      };
      request.onsuccess = function () { settle(request.result); };
      request.onerror = function (event) { if (event.preventDefault) { event.preventDefault(); } settle(null); };
      setTimeout(function () { settle(null); }, OPEN_WAIT_MS);
    } catch (e) { settle(null); }
  };
  BT.Vaults = { Local: Local, Shoebox: Shoebox };
}(window.BangTin = window.BangTin || {}));
