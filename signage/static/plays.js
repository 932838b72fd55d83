/* The log of plays: numbered without holes, kept until the server has acknowledged them, each exactly once.
 *
 * A number is given out when a picture appears and is written down before anything is sent. After a reload an
 * unfinished play is closed as "cut". Should the store have gone back in time (a power cut can undo what an engine
 * said it had written), the server's acknowledgement is ahead of the store: then this boot's plays get a new epoch,
 * because under their old numbers they would be taken for repeats. */
(function (BT) {
  'use strict';

  var MOST_KEPT = 20000;
  var MOST_SENT = 500;
  var PULSE = 'bangtin/pulse';
  var OPEN = 'bangtin/open';

  function PlayLog(vault, boot) {
    this.vault = vault;
    this.boot = boot;
    this.epoch = '';
    this.next = 1;
    this.rows = []; /* oldest first; the last may still be playing (end === null) */
    this.restored = 0; /* highest number that was in the store when this page loaded */
    this.agreed = false; /* the server's acknowledgement has been compared with the store */
    this.dropped = 0;
  }

  var fn = PlayLog.prototype;

  fn.load = function (done) {
    var self = this;
    this.vault.get('kv', 'log', function (log) {
      self.vault.all('plays', function (rows) {
        self.restore(log, rows.sort(function (a, b) { return a.seq - b.seq; }));
        self.vault.put('kv', 'log', { epoch: self.epoch, next: self.next }, function () { done(); });
      });
    });
  };

  fn.restore = function (log, rows) {
    var self = this, pulse = noted(PULSE) || [];
    this.epoch = (log && log.epoch) || BT.hex(6);
    if (log) { rows = contiguous(withNoted(rows, log)); } else { rows = []; }
    this.rows = rows;
    this.next = Math.max((log && log.next) || 1, rows.length ? rows[rows.length - 1].seq + 1 : 1);
    this.restored = this.next - 1;
    if (!log) { this.vault.clear('plays'); }
    this.rows.forEach(function (row) {
      if (row.end) { return; }
      row.end = 'cut';
      row.duration_ms = pulse[0] === row.seq ? pulse[1] : 0;
      self.vault.put('plays', row.seq, row);
    });
  };

  /* A page that is closed does not wait for its last writes: what they said was noted synchronously as well. */
  function withNoted(rows, log) {
    var mark = noted(OPEN);
    if (!mark || mark.epoch !== log.epoch) { return rows; }
    mark.rows.forEach(function (row) {
      var last = rows[rows.length - 1], i;
      if (row.seq >= Math.max(log.next, last ? last.seq + 1 : 1)) { rows.push(row); return; }
      for (i = rows.length - 1; i >= 0 && rows[i].seq >= row.seq; i--) {
        if (rows[i].seq === row.seq && row.end) { rows[i] = row; }
      }
    });
    return rows;
  }

  function note(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); } catch (e) { /* no */ } }
  function noted(name) { try { return JSON.parse(localStorage.getItem(name)); } catch (e) { return null; } }

  /* rows before a damaged place are given up (and so declared lost): a hole in the middle could never be sent */
  function contiguous(rows) {
    var i;
    for (i = rows.length - 1; i > 0; i--) {
      if (rows[i - 1].seq !== rows[i].seq - 1) { return rows.slice(i); }
    }
    return rows;
  }

  fn.begin = function (id, entry, revision) {
    var row = {
      seq: this.next++, entry: id, creative: entry.creative, placement: entry.placement, sha256: entry.sha256,
      boot: this.boot, mono_ms: Math.round(BT.mono()), wall: new Date(BT.wall()).toISOString(), duration_ms: 0,
      expected_ms: entry.duration_ms, end: null, display: BT.display(), revision: revision
    };
    this.rows.push(row);
    this.note();
    this.store(row);
    while (this.rows.length > MOST_KEPT) {
      this.vault.remove('plays', this.rows.shift().seq);
      this.dropped++;
    }
    return row;
  };

  fn.store = function (row) { this.vault.put('plays', row.seq, row); };

  fn.end = function (row, end) {
    if (row.end) { return; }
    row.end = end;
    row.duration_ms = Math.max(0, Math.round(BT.mono() - row.mono_ms));
    this.store(row);
  };

  fn.note = function () { note(OPEN, { epoch: this.epoch, rows: this.rows.slice(-2) }); };

  /* how long the picture is on: a crash would take that along */
  fn.pulse = function () {
    var row = this.rows[this.rows.length - 1];
    if (row && !row.end) { note(PULSE, [row.seq, Math.round(BT.mono() - row.mono_ms)]); }
  };

  fn.waiting = function () {
    return this.rows.length - (this.rows.length && !this.rows[this.rows.length - 1].end ? 1 : 0);
  };

  /* The next thing to send. The first of a boot carries no plays: it asks how far the server has come. */
  fn.batch = function () {
    var plays = this.agreed ? this.rows.slice(0, Math.min(this.waiting(), MOST_SENT)) : [];
    return {
      epoch: this.epoch,
      first: this.rows.length ? this.rows[0].seq : this.next,
      now: { wall: new Date(BT.wall()).toISOString(), mono_ms: Math.round(BT.mono()), boot: this.boot },
      plays: plays
    };
  };

  fn.acknowledged = function (ack) {
    if (!this.agreed) {
      if (ack > this.restored) { this.startAnew(ack); return; }
      this.agreed = true;
    }
    var kept = this.rows.filter(function (row) { return row.seq > ack; });
    if (kept.length !== this.rows.length) {
      var vault = this.vault;
      this.rows = kept;
      /* first that these numbers are used up, then that the rows may go */
      vault.put('kv', 'log', { epoch: this.epoch, next: this.next }, function () { vault.removeUpTo('plays', ack); });
    }
  };

  /* 409: the server waits for a number that is not the one that was sent */
  fn.expected = function (seq) {
    if (seq > this.next) { this.startAnew(seq - 1); return; }
    this.acknowledged(seq - 1);
  };

  fn.startAnew = function (ack) {
    var mine = this.boot, self = this;
    /* of what was restored, only numbers that the server has not seen are surely new */
    var rows = this.rows.filter(function (row) { return row.boot === mine || row.seq > ack; });
    this.vault.clear('plays');
    this.epoch = BT.hex(6);
    this.next = 1;
    this.restored = 0;
    this.agreed = true;
    this.rows = rows;
    rows.forEach(function (row) { row.seq = self.next++; self.store(row); });
    this.note();
    this.vault.put('kv', 'log', { epoch: this.epoch, next: this.next });
  };

  /* another screen's plays must never be sent under this one's name */
  fn.wipe = function () {
    this.rows = [];
    this.startAnew(0);
  };

  BT.PlayLog = PlayLog;
  BT.display = function () { return document.hidden ? 'off' : 'unknown'; };
}(window.BangTin = window.BangTin || {}));
