/* Between player and server: fetches the manifest, reports, delivers the log, does what it is told. */
(function (BT) {
  'use strict';

  var API = '/api/v1/player';
  var STATUS_MS = 60000;
  var DELIVER_MS = 30000;
  var AWAY_MOST_MS = 120000; /* longest pause between polls while the server is away */
  var MOST_ERRORS = 20;

  /* parts: vault, clock, player, log, media, token, etag, lost(): the token is not valid any more */
  function Courier(parts) {
    for (var part in parts) { this[part] = parts[part]; }
    this.accept = ''; /* set before the first poll */
    this.errors = [];
    this.results = [];
    this.told = { takeover: null };
    this.failures = 0;
    this.refusals = 0;
    this.delivering = false;
    this.timers = {};
    this.heardAt = null;
  }

  var fn = Courier.prototype;

  fn.report = function (code, detail) {
    var last = this.errors[this.errors.length - 1];
    if (last && last.code === code && last.detail === detail) { return; } /* no flood of one trouble */
    this.errors.push({ at: new Date(this.clock.now()).toISOString(), code: code, detail: String(detail || '').slice(0, 200) });
    if (this.errors.length > MOST_ERRORS) { this.errors.shift(); }
  };

  fn.start = function () {
    var self = this;
    this.vault.get('kv', 'errors', function (before) {
      self.errors = (before || []).concat(self.errors);
      self.vault.remove('kv', 'errors');
    });
    BT.decodes(function (accept) {
      self.accept = accept;
      self.after('poll', 0);
    });
    this.after('status', 3000);
    this.after('deliver', 2000);
  };

  /* a browser that reads a pixel and not a picture: what every browser reads will do */
  fn.distrust = function (mime) {
    if (mime !== 'image/webp' || !this.accept) { return; }
    this.accept = '';
    this.after('poll', 0);
  };

  fn.stop = function () {
    this.stopped = true;
    for (var what in this.timers) { clearTimeout(this.timers[what]); }
  };

  fn.after = function (what, ms) {
    var self = this;
    clearTimeout(this.timers[what]);
    if (this.stopped) { return; }
    this.timers[what] = setTimeout(function () { self[what](); }, ms);
  };

  /* done(answer) unless the player was stopped meanwhile; a token refused twice by our own server is lost */
  fn.call = function (options, done) {
    var self = this;
    options.token = this.token;
    BT.request(this.clock, options, function (answer) {
      if (self.stopped) { return; }
      self.refusals = answer.status === 401 && answer.problem ? self.refusals + 1 : (answer.status ? 0 : self.refusals);
      if (self.refusals >= 2) { self.lost(); return; }
      if (answer.status) { self.heardAt = BT.mono(); }
      done(answer);
    });
  };

  fn.interval = function () {
    var manifest = this.player.staged ? this.player.staged.manifest : this.player.manifest;
    return (manifest && manifest.poll_after_ms) || 10000;
  };

  fn.poll = function () {
    var self = this;
    this.call({ url: API + '/manifest', etag: this.etag, accept: this.accept }, function (answer) {
      if (answer.status === 200) { self.receive(answer); }
      if (answer.status === 200 || answer.status === 304) {
        self.failures = 0;
        self.save();
        self.after('poll', self.interval());
        return;
      }
      self.failures++;
      var pause = Math.min(AWAY_MOST_MS, self.interval() * Math.pow(1.5, Math.min(self.failures - 1, 6)));
      self.after('poll', Math.max(answer.retryMs, pause) * (0.8 + 0.4 * Math.random()));
    });
  };

  fn.receive = function (answer) {
    var self = this;
    BT.trusted(this.vault, answer, function (good, why) {
      if (!good) { self.report('manifest-' + why, ''); return; }
      try {
        self.player.offer({ text: answer.text, etag: answer.etag });
        self.etag = answer.etag;
      } catch (e) { self.report('manifest-unreadable', e.message); }
    });
  };

  /* for a reload without a server: how wrong the wall clock is, and a time that has certainly passed */
  fn.save = function () {
    if (this.clock.sure()) { this.vault.put('kv', 'time', { skew: this.clock.skew(), floor: this.clock.now() }); }
  };

  fn.status = function () {
    var self = this, player = this.player, sent = this.results, errors = this.errors, takeover = player.takeoverShown();
    var m = player.manifest, entries = m ? BT.Programme.entries(m) : [];
    BT.storage(function (storage) {
      self.call({
        method: 'POST', url: API + '/status',
        json: {
          entry: player.current ? player.current.id : null, revision: m ? m.revision : null, takeover_shown: takeover,
          display: BT.display(), storage: storage, media: self.media.count(entries), errors: errors,
          command_results: sent, player: { name: 'web', version: BT.version }
        }
      }, function (answer) {
        var body = answer.status === 200 && BT.parse(answer.text);
        self.after('status', body ? STATUS_MS : Math.max(answer.retryMs, STATUS_MS));
        if (!body) { return; }
        self.told.takeover = takeover;
        self.results = self.results.filter(function (r) { return sent.indexOf(r) < 0; });
        self.errors = self.errors.filter(function (e) { return errors.indexOf(e) < 0; });
        (body.commands || []).forEach(function (c) { self.obey(c); });
      });
    });
  };

  fn.noticed = function () {
    if (this.player.takeoverShown() !== this.told.takeover) { this.after('status', 200); }
  };

  fn.answer = function (id, ok, detail) {
    this.results.push({ id: id, ok: ok, detail: detail || '' });
    this.after('status', 300);
  };

  fn.obey = function (command) {
    var self = this, work = BT.Commands[command.type];
    this.vault.get('kv', 'obeyed', function (obeyed) {
      obeyed = obeyed || [];
      if (command.type === 'reload' && obeyed.indexOf(command.id) >= 0) { self.answer(command.id, true, 'done'); return; }
      self.vault.put('kv', 'obeyed', obeyed.concat(command.id).slice(-50), function () {
        if (!work) { self.answer(command.id, false, 'unknown command'); return; }
        work(self, command, function (ok, detail) { self.answer(command.id, ok, detail); });
      });
    });
  };

  fn.deliver = function () {
    var self = this, batch;
    if (this.delivering) { return; }
    if (this.log.agreed && !this.log.waiting()) { this.after('deliver', DELIVER_MS); return; }
    batch = this.log.batch();
    this.delivering = true;
    this.call({ method: 'POST', url: API + '/plays', json: batch }, function (answer) {
      var body = BT.parse(answer.text) || {};
      self.delivering = false;
      if (answer.status === 200 && typeof body.ack === 'number') { self.log.acknowledged(body.ack); self.after('deliver', self.log.waiting() > 10 ? 500 : DELIVER_MS); return; }
      if (answer.status === 409 && typeof body.expect === 'number') { self.log.expected(body.expect); self.after('deliver', 1000); return; }
      if (answer.status >= 400 && answer.status !== 401 && answer.status < 500) { self.report('plays-refused', answer.status + ' ' + (body.detail || '')); }
      self.after('deliver', Math.max(answer.retryMs, DELIVER_MS) * (0.8 + 0.4 * Math.random()));
    });
  };

  BT.Courier = Courier;

  BT.storage = function (done) {
    var end = BT.once(done);
    if (!navigator.storage || !navigator.storage.estimate) { end(null); return; }
    setTimeout(function () { end(null); }, 2000);
    navigator.storage.estimate().then(function (e) { end({ used: e.usage || 0, free: Math.max(0, (e.quota || 0) - (e.usage || 0)) }); }, function () { end(null); });
  };

  BT.Commands = {
    refresh: function (courier, command, done) { courier.after('poll', 0); done(true); },
    identify: function (courier, command, done) { BT.identify(courier, 30000); done(true); },
    reload: function (courier, command, done) { done(true); setTimeout(function () { BT.reload(courier); }, 3000); },
    clear_cache: function (courier, command, done) {
      courier.media.forget(function () { courier.player.fetchAll(); done(true); });
    },
    reboot: function (courier, command, done) { done(false, 'a browser cannot restart the machine'); },
    screenshot: function (courier, command, done) {
      courier.player.stage.photograph(960, function (blob) {
        if (!blob) { done(false, 'nothing is shown'); return; }
        courier.call({ method: 'PUT', url: API + '/screenshots/' + encodeURIComponent(command.id), raw: blob }, function (answer) {
          done(answer.status === 204 || answer.status === 200, answer.status ? '' : 'the server did not answer');
        });
      });
    }
  };
}(window.BangTin = window.BangTin || {}));
