/* What is to be seen at an instant: read from the manifest, nothing remembered, no I/O. */
(function (BT) {
  'use strict';

  function ms(time) { return typeof time === 'number' ? time : Date.parse(time); }

  /* Instants as numbers, parsed once. Throws on what is not a manifest. */
  function read(text) {
    var m = JSON.parse(text), i, p;
    if (!m || !m.screen || !m.entries || !m.programme || !m.entries[m.fallback]) { throw new Error('not a manifest'); }
    for (i = 0; i < m.programme.length; i++) {
      p = m.programme[i];
      p.from = ms(p.from);
      p.until = ms(p.until);
      if (isNaN(p.from) || isNaN(p.until) || !p.loop) { throw new Error('bad segment'); }
    }
    if (m.takeover) {
      m.takeover.from = ms(m.takeover.from);
      m.takeover.until = ms(m.takeover.until);
    }
    return m;
  }

  function known(manifest, ids) {
    return ids.filter(function (id) { return !!manifest.entries[id]; });
  }

  /* {kind, key, list, until}: until is the next instant at which the answer changes */
  function at(manifest, now) {
    var t = manifest.takeover, i, p, until = Infinity;
    if (t && t.from <= now && now < t.until && manifest.entries[t.entry]) {
      return { kind: 'takeover', key: 'takeover ' + t.id, list: [t.entry], until: t.until };
    }
    if (t && t.from > now) { until = t.from; }
    for (i = 0; i < manifest.programme.length; i++) {
      p = manifest.programme[i];
      if (p.from <= now && now < p.until) {
        return {
          kind: 'loop', key: 'loop ' + p.from + ' ' + p.loop.join(' '),
          list: known(manifest, p.loop), until: Math.min(until, p.until)
        };
      }
      if (p.from > now) { until = Math.min(until, p.from); }
    }
    return { kind: 'fallback', key: 'fallback', list: [manifest.fallback], until: until };
  }

  /* Entry ids by how soon they are needed: what plays now first, then the fallback, then the days ahead. */
  function wanted(manifest, now) {
    var order = [], seen = {}, i;
    function add(id) {
      if (manifest.entries[id] && !seen[id]) { seen[id] = 1; order.push(id); }
    }
    if (manifest.takeover && manifest.takeover.until > now) { add(manifest.takeover.entry); }
    at(manifest, now).list.forEach(add);
    add(manifest.fallback);
    for (i = 0; i < manifest.programme.length; i++) {
      if (manifest.programme[i].until > now) { manifest.programme[i].loop.forEach(add); }
    }
    return order;
  }

  function entries(manifest) { return Object.keys(manifest.entries).map(function (id) { return manifest.entries[id]; }); }

  BT.Programme = { read: read, at: at, wanted: wanted, entries: entries };
}(window.BangTin = window.BangTin || {}));
