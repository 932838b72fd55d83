/* The server's time, kept on a clock that nobody can set.
 *
 * The wall clock of a panel may be wrong by years and may jump; performance.now() only ever runs forward. Each
 * answer's Date header says in which second the server was while the answer was on its way, so
 *     server time - monotonic time  lies in  [date - received, date + 1000 - sent].
 * The intersection of a few such intervals is much narrower than a second. */
(function (BT) {
  'use strict';

  var DRIFT = 1e-4; /* a bad crystal: 100 parts in a million */
  var LITTLE_MS = 2000;

  function Clock(mono, wall) {
    this.mono = mono;
    this.wall = wall;
    this.low = null;
    this.high = null;
    this.heardAt = 0;
    this.told = 0; /* the latest moment it has told */
    /* until a server speaks: the wall clock as it was at start, so that a step of it changes nothing any more */
    this.guess = wall() - mono();
  }

  var fn = Clock.prototype;

  /* skew: server minus wall as last known before a reload; floor: a server time that has certainly passed */
  fn.recall = function (skew, floor) {
    if (this.low !== null) { return; }
    this.guess = this.wall() + (skew || 0) - this.mono();
    if (floor && this.now() < floor) { this.guess = floor - this.mono(); }
  };

  fn.heard = function (dateMs, sentMono, gotMono) {
    if (!dateMs || isNaN(dateMs)) { return; }
    var low = dateMs - gotMono;
    var high = dateMs + 1000 - sentMono;
    if (this.low !== null) {
      var slack = (gotMono - this.heardAt) * DRIFT;
      var l = Math.max(low, this.low - slack);
      var h = Math.min(high, this.high + slack);
      /* an empty intersection: the server's clock was set, or the machine slept; the newest word counts */
      if (l <= h) { low = l; high = h; }
    }
    this.low = low;
    this.high = high;
    this.heardAt = gotMono;
  };

  fn.sure = function () { return this.low !== null; };

  /* Put right by a little, it waits: going back, it would bring what was over on the glass again. */
  fn.now = function () {
    var now = this.mono() + (this.low === null ? this.guess : (this.low + this.high) / 2);
    if (now < this.told && this.told - now < LITTLE_MS) { return this.told; }
    return (this.told = now);
  };

  fn.skew = function () { return this.now() - this.wall(); };

  BT.Clock = Clock;
  BT.mono = (window.performance && performance.now)
    ? function () { return performance.now(); }
    : (function () { /* without performance.now: a wall clock whose backward steps are taken out */
      var last = Date.now(), sum = 0;
      return function () { var t = Date.now(); if (t > last) { sum += Math.min(t - last, 60000); } last = t; return sum; };
    }());
  BT.wall = function () { return Date.now(); };
  /* a callback that is called once, whoever comes first */
  BT.once = function (done) {
    var called = false;
    return function (result) { if (!called) { called = true; done(result); } };
  };
  BT.hex = function (bytes) {
    var out = '', i, buffer;
    if (window.crypto && crypto.getRandomValues) {
      buffer = new Uint8Array(bytes);
      crypto.getRandomValues(buffer);
    }
    for (i = 0; i < bytes; i++) {
      out += ('0' + (buffer ? buffer[i] : Math.floor(Math.random() * 256)).toString(16)).slice(-2);
    }
    return out;
  };
}(window.BangTin = window.BangTin || {}));
