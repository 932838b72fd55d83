/* The page's time, given out by the frame: a frame that is painted is worth at most `pace` milliseconds of the
 * house's time, however long the machine took to paint it. Time stands still while anything is under way that in a
 * real panel takes milliseconds (a request, a write, a picture that is being decoded), and at each change of picture,
 * so that it can be photographed before anything else happens. */
([start, wrong]) => {
  const nextFrame = window.requestAnimationFrame.bind(window);
  const birth = Number(sessionStorage.houseTime || start);
  const timers = new Map();
  const PAINTED = 3; /* frames after which what was changed is surely on the glass */
  let mono = 0, numbers = 0, pending = 0, goal = birth, pace = 0, answer = null, frames = 0, rest = 0, top = null, changes = [];

  const now = () => birth + mono;
  const add = (work, ms, more, every) => {
    timers.set(++numbers, {at: mono + Math.max(0, ms || 0), work, more, every});
    return numbers;
  };
  window.setTimeout = (work, ms, ...more) => add(work, ms, more, 0);
  window.setInterval = (work, ms, ...more) => add(work, ms, more, Math.max(1, ms));
  window.clearTimeout = window.clearInterval = number => { timers.delete(number); };
  performance.now = () => mono;
  Date.now = () => now() + wrong;

  const begun = () => { pending++; let open = true; return () => { if (open) { open = false; pending--; } }; };
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    this.addEventListener('loadend', begun());
    this.setRequestHeader('X-House-Time', String(Math.round(now())));
    send.call(this, body);
  };
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const made = transaction.apply(this, args), ended = begun();
    ['complete', 'abort', 'error'].forEach(name => made.addEventListener(name, ended));
    return made;
  };
  const decode = HTMLImageElement.prototype.decode;
  HTMLImageElement.prototype.decode = function () {
    const ended = begun();
    return decode.call(this).finally(ended);
  };
  const loading = () => [...document.querySelectorAll('#stage img')].some(image => !image.complete);

  const notice = () => {
    const shown = document.querySelector('.layer.up');
    if (!shown || shown === top) { return; }
    top = shown;
    const entry = BangTin.courier.player.current.entry;
    changes.push({at: now(), believed: BangTin.courier.clock.now(), creative: entry.creative, sha256: entry.sha256, qr: entry.qr});
    goal = Math.min(goal, now());
  };
  const due = until => {
    let first = null;
    timers.forEach((timer, number) => { if (timer.at <= until && (!first || timer.at < first[1].at)) { first = [number, timer]; } });
    return first;
  };
  const pass = ms => {
    const until = mono + ms;
    for (let next = due(until); next; next = due(Math.min(until, goal - birth))) {
      const [number, timer] = next;
      mono = Math.max(mono, timer.at);
      if (timer.every) { timer.at += timer.every; } else { timers.delete(number); }
      timer.work(...timer.more);
      notice();
      if (pending) { return; }
    }
    mono = Math.max(mono, Math.min(until, goal - birth));
  };
  const dot = document.createElement('i'); /* changes in every frame, so that the screencast misses none */
  dot.style.cssText = 'position:fixed;right:0;bottom:0;width:1px;height:1px;z-index:99';
  const turn = () => {
    frames++;
    if (document.body && !dot.parentNode) { document.body.appendChild(dot); }
    dot.style.background = frames % 2 ? '#000' : '#fff';
    notice();
    if (answer && !pending && !loading()) {
      if (now() < goal) { pass(Math.min(pace, goal - now())); rest = 0; } else if (++rest > PAINTED) {
        const told = answer;
        answer = null;
        told({now: now(), changes, frames});
        changes = [];
        frames = 0;
      }
      sessionStorage.houseTime = now();
    }
    nextFrame(turn);
  };
  nextFrame(turn);

  /* lets time pass until that moment, or until something changes; what changed, and the time it is now */
  window.reel = (until, ms) => new Promise(done => {
    goal = changes.length ? now() : until;
    pace = ms;
    answer = done;
  });
}
