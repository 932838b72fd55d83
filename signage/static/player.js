/* The player: shows, in order and without a gap, what the manifest says for this moment of the server's time. */
(function (BT) {
  'use strict';

  var STEP_MS = 250; /* how often, at most, it looks whether something has to change */
  var STAGING_MS = 600000; /* a new programme waits that long for its pictures, then starts with what is there */
  var BAD_MS = 300000; /* a picture that could not be decoded is left out for so long */
  var FLASH_MS = 1000; /* nothing begins so soon before a boundary: it would only flash */

  function Player(vault, clock, stage, media, log, report) {
    this.vault = vault;
    this.clock = clock;
    this.stage = stage;
    this.media = media;
    this.log = log;
    this.report = report;
    this.manifest = null; /* what is played */
    this.staged = null; /* what will be, once its pictures are here: {manifest, kept, since} */
    this.current = null; /* {id, entry, section, index, row, ends} */
    this.next = null; /* {id, entry, index, section, layer} */
    this.bad = {};
    this.timer = null;
    this.progress = BT.mono();
    this.onchange = function () {};
    this.onspoiled = function () {};
    var self = this;
    media.changed = function () { self.adopt(); self.step(); };
  }

  var fn = Player.prototype;

  /* throws what is not a manifest: then nothing changes */
  fn.hold = function (kept) {
    this.staged = { manifest: BT.Programme.read(kept.text), kept: kept, since: BT.mono() };
  };

  fn.offer = function (kept) {
    this.hold(kept);
    this.vault.put('kv', 'staged', kept);
    this.fetchAll();
    this.adopt();
    this.step();
  };

  fn.recall = function (kept, staged) {
    if (kept) { this.take(BT.Programme.read(kept.text)); }
    if (staged) { this.hold(staged); this.adopt(); }
    this.fetchAll();
  };

  fn.fetchAll = function () {
    var now = this.clock.now(), list = [];
    [this.staged && this.staged.manifest, this.manifest].forEach(function (m) {
      if (m) { list = list.concat(BT.Programme.wanted(m, now).map(function (id) { return m.entries[id]; })); }
    });
    this.media.want(list);
  };

  /* The staged programme takes over once all it needs at this moment is here, or has proved not to be had. */
  fn.adopt = function () {
    var staged = this.staged, media = this.media, section, entries;
    if (!staged) { return; }
    section = BT.Programme.at(staged.manifest, this.clock.now());
    entries = section.list.map(function (id) { return staged.manifest.entries[id]; });
    if (this.manifest && BT.mono() - staged.since < STAGING_MS) {
      if (!entries.every(function (e) { return media.ready(e) || media.hopeless(e); })) { return; }
      if (entries.length && !entries.concat(staged.manifest.entries[staged.manifest.fallback]).some(media.ready, media)) { return; }
    }
    this.staged = null;
    this.take(staged.manifest);
    this.vault.put('kv', 'manifest', staged.kept);
    this.vault.remove('kv', 'staged');
    media.prune([this.current, this.next].reduce(function (list, one) { return one ? list.concat(one.entry) : list; },
      BT.Programme.entries(staged.manifest)));
    this.onchange();
  };

  fn.take = function (manifest) {
    var before = this.manifest && BT.Programme.at(this.manifest, this.clock.now());
    var after = BT.Programme.at(manifest, this.clock.now());
    this.manifest = manifest;
    this.stage.fit(manifest.screen.width, manifest.screen.height);
    /* the same loop, only cut anew: go on where it is */
    if (this.current && before && before.kind === after.kind && before.list.join() === after.list.join()) {
      if (this.current.section === before.key) { this.current.section = after.key; }
      if (this.next && this.next.section === before.key) { this.next.section = after.key; }
    }
  };

  fn.usable = function (id) {
    var entry = this.manifest.entries[id];
    return !!entry && this.media.ready(entry) && !(this.bad[entry.sha256] > BT.mono());
  };

  /* what a moment (or now) asks for, as far as it is here: {key, kind, list, full, until, rest}; rest ms are left of it */
  fn.section = function (moment) {
    var at = moment || this.clock.now(), section = BT.Programme.at(this.manifest, at);
    var here = section.list.filter(this.usable, this);
    section.full = section.list;
    section.rest = section.until - at;
    if (!here.length) {
      here = section.full = this.usable(this.manifest.fallback) ? [this.manifest.fallback] : [];
      section.kind = section.key = 'fallback';
    }
    section.list = here;
    return section;
  };

  /* may be called at any time, from anything: it looks, and does what is due */
  fn.step = function () {
    var section, left = 0;
    if (!this.manifest || this.stopped) { return; }
    section = this.section();
    if (this.current && !this.due(section)) {
      left = this.current.ends - BT.mono();
      if (left <= 0 && section.rest < FLASH_MS) { left = section.rest; }
    }
    if (left <= 0) { this.move(section); } else { this.ahead(this.upcoming(section, left)); }
    this.sleep(section, left);
  };

  /* the section in which what is on now will be followed: at a boundary it is already the next one */
  fn.upcoming = function (section, left) {
    return section.rest < left + FLASH_MS ? this.section(section.until + 1) : section;
  };

  /* whether what is on has to go before its time */
  fn.due = function (section) {
    return section.list.length > 0 &&
      (this.current.section !== section.key || !this.manifest.entries[this.current.id]);
  };

  fn.sleep = function (section, left) {
    var self = this, wait = Math.max(20, Math.min(STEP_MS, left > 0 ? left : STEP_MS, section.rest));
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { self.step(); }, wait);
  };

  /* which entry follows in this section: the next that is here, or on coming into it the first */
  fn.following = function (section) {
    var full = section.full, index = full.indexOf(section.list[0]), i;
    if (this.current && this.current.section === section.key) {
      for (i = 1; i <= full.length; i++) {
        index = (this.current.index + i) % full.length;
        if (this.usable(full[index])) { break; }
      }
    }
    return { id: full[index], index: index };
  };

  /* makes the next layer, below the one that shows */
  fn.ahead = function (section) {
    var want, entry, next, self = this;
    if (!section.list.length) { return; }
    want = this.following(section);
    entry = this.manifest.entries[want.id];
    if (this.next && this.next.entry === entry && this.next.index === want.index && this.next.section === section.key) { return; }
    this.discard();
    next = this.next = { id: want.id, index: want.index, section: section.key, entry: entry, layer: null };
    this.stage.prepare(entry, function (layer) {
      if (self.next !== next) { if (layer) { self.stage.drop(layer); } return; }
      if (!layer) { self.spoiled(entry); return; }
      next.layer = layer;
      if (!self.current || self.current.ends - BT.mono() <= 0) { self.step(); }
    });
  };

  fn.spoiled = function (entry) {
    this.next = null;
    this.bad[entry.sha256] = BT.mono() + BAD_MS;
    this.media.reject(entry);
    this.onspoiled(entry.mime);
    this.fetchAll();
    this.step();
  };

  fn.discard = function () {
    if (this.next && this.next.layer) { this.stage.drop(this.next.layer); }
    this.next = null;
  };

  fn.move = function (section) {
    var next;
    if (!section.list.length) { return; } /* what is on stays on; with nothing on, the page's own face shows */
    this.ahead(section);
    next = this.next;
    if (!next || !next.layer) { return; }
    this.next = null;
    this.finish();
    this.stage.show(next.layer);
    this.progress = BT.mono();
    this.current = {
      id: next.id, entry: next.entry, section: next.section, index: next.index, kind: section.kind,
      row: this.log.begin(next.id, next.entry, this.manifest.revision), ends: BT.mono() + next.entry.duration_ms
    };
    this.onchange();
    this.ahead(this.upcoming(section, next.entry.duration_ms));
  };

  fn.finish = function () {
    if (!this.current) { return; }
    this.log.end(this.current.row, this.current.ends - BT.mono() <= 50 ? 'complete' : 'cut');
  };

  fn.stop = function () {
    this.stopped = true;
    clearTimeout(this.timer);
    this.finish();
    this.current = null;
    this.discard();
    this.stage.clear();
  };

  fn.takeoverShown = function () {
    var t = this.manifest && this.manifest.takeover;
    return t && this.current && this.current.section === 'takeover ' + t.id ? t.id : null;
  };

  /* a picture that should have gone long ago means that something hangs */
  fn.stuck = function (patience) {
    return !!this.current && this.section().list.length > 0 && BT.mono() - this.current.ends > patience;
  };

  BT.Player = Player;
}(window.BangTin = window.BangTin || {}));
