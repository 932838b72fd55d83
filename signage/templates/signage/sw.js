/* Keeps the player's own files, so that a screen that is switched on without a network plays all the same. */
'use strict';

var STORE = 'bangtin-{{ version }}';
var PAGE = '/screen';
var FILES = [PAGE, '{{ static_url("signage", "screen.css") }}'{% for name in scripts %}, '{{ static_url("signage", name ~ ".js") }}'{% endfor %}];
var PATIENCE_MS = 5000;

self.addEventListener('install', function (event) {
  self.skipWaiting();
  event.waitUntil(caches.open(STORE).then(function (store) { return store.addAll(FILES); }));
});

self.addEventListener('activate', function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (n) { return n.indexOf('bangtin-') === 0 && n !== STORE; }).map(function (n) { return caches.delete(n); }));
  }).then(function () { return self.clients.claim(); }));
});

/* the page: from the server if it answers soon and well, else the one that is kept */
function page(request) {
  return new Promise(function (resolve, reject) {
    var timer = setTimeout(fall, PATIENCE_MS), fallen = false;
    function fall() {
      if (fallen) { return; }
      fallen = true;
      caches.match(PAGE).then(function (found) { if (found) { resolve(found); } else { reject(new Error('nothing kept')); } });
    }
    fetch(request).then(function (answer) {
      clearTimeout(timer);
      if (answer.ok) { resolve(answer); } else { fall(); }
    }, function () { clearTimeout(timer); fall(); });
  });
}

self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) { return; }
  if (event.request.mode === 'navigate' && (url.pathname === PAGE || /^\/play\/[\w-]+\/$/.test(url.pathname))) { event.respondWith(page(event.request)); return; }
  if (url.pathname.indexOf('/static/signage/') === 0) {
    event.respondWith(caches.match(event.request).then(function (found) { return found || fetch(event.request); }));
  }
});
