/* Puts the parts together when the page has loaded. */
(function (BT) {
  'use strict';

  var HUNG_MS = 60000;
  var RELOAD_AT_MOST_MS = 300000;
  var boot = BT.hex(8);
  var courier = null;

  BT.version = document.documentElement.getAttribute('data-version') || '0';

  /* Two windows of one browser would write into one log: the newest owns it. */
  function own() { try { localStorage.setItem('bangtin/owner', boot); } catch (e) {} }
  function owned() { try { return (localStorage.getItem('bangtin/owner') || boot) === boot; } catch (e) { return true; } }

  function standDown() {
    if (!courier) { return; }
    courier.stop();
    courier.player.stop();
    courier = null;
    document.body.className = 'elsewhere';
  }

  BT.reload = function (c) {
    c.log.pulse();
    c.vault.put('kv', 'errors', c.errors); /* to be told afterwards */
    c.vault.put('kv', 'reloaded', { at: BT.wall() }, function () { location.reload(); });
  };

  BT.identify = function (c, ms) {
    var box = document.getElementById('identity'), m = c.player.manifest, words = [];
    if (m) { words = [m.screen.name, m.screen.location, m.screen.id, m.screen.width + ' × ' + m.screen.height]; }
    words.push(new Date(c.clock.now()).toISOString().replace('T', ' ').slice(0, 19) + ' UTC');
    words.push(c.vault.name + ' · ' + c.log.rows.length + ' · ' + BT.version);
    box.innerHTML = '';
    words.forEach(function (w) {
      var p = document.createElement('p');
      p.textContent = w;
      box.appendChild(p);
    });
    box.className = 'shown';
    setTimeout(function () { box.className = ''; }, ms);
  };

  function watch(c) {
    var ticks = 0;
    setInterval(function () {
      if (courier !== c) { return; }
      if (!owned()) { standDown(); return; }
      if (++ticks % 5 === 0) { c.log.pulse(); }
      if (c.player.stuck(HUNG_MS)) {
        c.report('hung', c.player.current.id);
        c.vault.get('kv', 'reloaded', function (last) {
          if (!last || Math.abs(BT.wall() - last.at) > RELOAD_AT_MOST_MS) { BT.reload(c); }
        });
      }
    }, 1000);
    document.addEventListener('keydown', function (event) { if (event.keyCode === 73) { BT.identify(c, 15000); } });
  }

  function awake() {
    function ask() { navigator.wakeLock.request('screen').then(null, function () { /* not allowed here */ }); }
    if (!navigator.wakeLock) { return; }
    ask();
    document.addEventListener('visibilitychange', function () { if (!document.hidden) { ask(); } });
  }

  function play(vault, clock, identity, kept, staged) {
    var media, log, player, stage;
    function report(code, detail) { if (courier) { courier.report(code, detail); } }
    media = new BT.Media(vault, clock, report);
    log = new BT.PlayLog(vault, boot);
    stage = new BT.Stage(document.getElementById('stage'), media);
    player = new BT.Player(vault, clock, stage, media, log, report);
    document.body.className = 'waiting';
    media.load(function () {
      log.load(function () {
        courier = BT.courier = new BT.Courier({
          vault: vault, clock: clock, player: player, log: log, media: media, token: identity.token,
          etag: staged ? staged.etag : kept ? kept.etag : null, lost: function () { forget(vault, clock); }
        });
        if (identity.fresh) { log.wipe(); }
        try { player.recall(kept, staged); } catch (e) { courier.etag = null; report('manifest-unreadable', e.message); }
        player.onchange = function () { courier.noticed(); };
        player.onspoiled = function (mime) { courier.distrust(mime); };
        player.step();
        courier.start();
        watch(courier);
      });
    });
    window.addEventListener('pagehide', function () { log.pulse(); });
  }

  /* the token is not valid any more: the screen is a stranger again, and shows nothing that it was trusted with */
  function forget(vault, clock) {
    if (courier) { courier.stop(); courier.player.stop(); courier = null; }
    vault.remove('kv', 'identity', function () {
      vault.remove('kv', 'manifest');
      vault.remove('kv', 'staged', function () { enrol(vault, clock); });
    });
  }

  function enrol(vault, clock) {
    new BT.Setup(clock, function (token, answer) {
      vault.get('kv', 'screen', function (before) {
        var identity = { token: token, screen: answer.screen, key: BT.playKey };
        vault.put('kv', 'screen', answer.screen);
        vault.put('kv', 'manifest-key', answer.manifest_key || null);
        vault.put('kv', 'identity', identity, function () {
          /* what another screen has played must not be reported by this one */
          identity.fresh = !!before && before !== answer.screen;
          play(vault, clock, identity, null, null);
        });
      });
    }).start();
  }

  function begin(vault) {
    var clock = new BT.Clock(BT.mono, BT.wall);
    vault.get('kv', 'time', function (time) {
      if (time) { clock.recall(time.skew, time.floor); }
      vault.get('kv', 'identity', function (identity) {
        if (!identity || (BT.playKey && identity.key !== BT.playKey)) { enrol(vault, clock); return; }
        vault.get('kv', 'manifest', function (kept) {
          vault.get('kv', 'staged', function (staged) { play(vault, clock, identity, kept, staged); });
        });
      });
    });
  }

  function serve() {
    if (!navigator.serviceWorker || window.isSecureContext === false) { return; }
    navigator.serviceWorker.register('/screen/sw.js', { scope: BT.playKey ? location.pathname : '/screen' }).then(null, function () { /* plays on without */ });
    if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
  }

  window.addEventListener('storage', function (event) { if (event.key === 'bangtin/owner' && !owned()) { standDown(); } });
  own();
  serve();
  awake();
  BT.openVault(begin);
}(window.BangTin = window.BangTin || {}));
