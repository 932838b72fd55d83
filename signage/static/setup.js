/* Enrolment (RFC 8628): the screen shows a code, somebody claims it, the screen receives its token. */
(function (BT) {
  'use strict';

  var API = '/api/v1/player';
  var GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
  var KEYED = 'urn:bangtin:grant-type:';

  /* an address that says whose screen it is */
  BT.playKey = (/^\/play\/([\w-]+)\/$/.exec(location.pathname) || [])[1] || null;

  function Setup(clock, done) {
    this.clock = clock;
    this.done = done; /* done(token, answer) */
    this.code = null;
    this.wait = 5000;
  }

  var fn = Setup.prototype;

  fn.say = function (state) {
    document.getElementById('setup').setAttribute('data-state', state);
  };

  fn.start = function () {
    var self = this, dots = window.devicePixelRatio || 1, size = [window.innerWidth, window.innerHeight], key = (/[?&]key=([\w-]+)/.exec(location.search) || [])[1];
    document.body.className = 'setup';
    this.say('asking');
    if (/[?&]rotate=(90|270)/.test(location.search)) { size.reverse(); }
    if (BT.playKey && !this.tried) { this.bring(BT.playKey, 'play-key'); return; }
    if (key && !this.tried) { this.bring(key, 'printed-key'); return; }
    BT.request(this.clock, {
      method: 'POST', url: API + '/authorize',
      json: {
        client: { name: 'web', version: BT.version, platform: platform() },
        width: Math.round(size[0] * dots), height: Math.round(size[1] * dots)
      }
    }, function (answer) {
      var code = answer.status === 200 && BT.parse(answer.text);
      if (!code || !code.device_code) { self.say('away'); self.later(answer.retryMs || 10000, 'start'); return; }
      self.show(code);
      self.later(self.wait, 'ask');
    });
  };

  /* a key in the address; one that is good no longer leads to the code */
  fn.bring = function (key, grant) {
    var self = this;
    BT.request(this.clock, { method: 'POST', url: API + '/token', json: { grant_type: KEYED + grant, key: key } }, function (answer) {
      self.tried = answer.status === 400 || answer.status === 200;
      if (answer.status === 200) { self.take(answer); } else { self.later(answer.status === 400 ? 0 : 10000, 'start'); }
    });
  };

  fn.take = function (answer) {
    var body = BT.parse(answer.text);
    this.say('claimed');
    this.done(body.access_token, body);
  };

  fn.show = function (code) {
    this.code = code;
    this.wait = code.interval * 1000;
    this.until = BT.mono() + code.expires_in * 1000;
    document.getElementById('code').textContent = code.user_code;
    document.getElementById('address').textContent = code.verification_uri.replace(/^https?:\/\//, '');
    document.getElementById('claim-qr').src = '/screen/qr/' + code.user_code + '.svg';
    this.say('code');
  };

  fn.ask = function () {
    var self = this;
    if (BT.mono() > this.until) { this.start(); return; }
    BT.request(this.clock, {
      method: 'POST', url: API + '/token', json: { grant_type: GRANT, device_code: this.code.device_code }
    }, function (answer) {
      var body = BT.parse(answer.text) || {};
      if (answer.status === 200 && body.access_token) { self.take(answer); return; }
      if (body.error === 'expired_token' || body.error === 'access_denied' || body.error === 'invalid_grant') { self.start(); return; }
      if (body.error === 'slow_down') { self.wait += 5000; }
      self.later(answer.retryMs || self.wait, 'ask');
    });
  };

  fn.later = function (ms, what) {
    var self = this;
    setTimeout(function () { self[what](); }, ms);
  };

  /* no agent string leaves this page: the kind of machine is all that an installer needs to know */
  function platform() {
    var agent = navigator.userAgent;
    var kinds = [['Tizen', /Tizen/], ['webOS', /Web0S|webOS/], ['Android', /Android/], ['Windows', /Windows/], ['ChromeOS', /CrOS/], ['Linux', /Linux/]];
    return (kinds.filter(function (k) { return k[1].test(agent); })[0] || ['other'])[0];
  }

  BT.Setup = Setup;
}(window.BangTin = window.BangTin || {}));
