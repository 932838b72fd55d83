/* Two layers, one above the other. The next is decoded and painted underneath before the one above it goes,
 * so there is no frame without a picture. */
(function (BT) {
  'use strict';

  var DECODE_WAIT_MS = 15000;

  function Stage(root, media) {
    this.root = root;
    this.media = media;
    this.top = null;
    this.size = { width: 0, height: 0 };
    this.turn = Number((/[?&]rotate=(90|180|270)/.exec(location.search) || [])[1] || 0);
    var self = this;
    window.addEventListener('resize', function () { self.fit(); });
  }

  var fn = Stage.prototype;

  /* the screen's own pixels, turned and scaled as a whole to what the browser gives */
  fn.fit = function (width, height) {
    if (width) { this.size = { width: width, height: height }; }
    var w = this.size.width || window.innerWidth, h = this.size.height || window.innerHeight;
    var sideways = this.turn % 180 !== 0;
    var scale = Math.min(window.innerWidth / (sideways ? h : w), window.innerHeight / (sideways ? w : h));
    var css = 'translate(-50%,-50%) rotate(' + this.turn + 'deg) scale(' + scale + ')';
    this.root.style.width = w + 'px';
    this.root.style.height = h + 'px';
    this.root.style.webkitTransform = css;
    this.root.style.transform = css;
  };

  function picture(cls) {
    var img = document.createElement('img');
    img.className = cls;
    img.alt = '';
    return img;
  }

  /* done(true) once it can be painted without waiting */
  function decoded(img, address, done) {
    var end = BT.once(function (ok) { done(ok && img.naturalWidth > 0); });
    img.onload = function () {
      if (img.decode && window.Promise) { img.decode().then(function () { end(true); }, function () { end(false); }); } else { end(true); }
    };
    img.onerror = function () { end(false); };
    setTimeout(function () { end(false); }, DECODE_WAIT_MS);
    img.src = address;
  }

  function rolling(film, address, done) {
    var end = BT.once(done);
    film.oncanplay = function () { end(true); };
    film.onerror = function () { end(false); };
    setTimeout(function () { end(film.readyState >= 3); }, DECODE_WAIT_MS);
    film.src = address;
    film.load();
  }

  function Layer(entry) {
    this.entry = entry;
    this.addresses = [];
    this.node = document.createElement('div');
    this.node.className = 'layer';
    this.film = null;
  }

  /* builds the layer below all others; done(layer | null) */
  fn.prepare = function (entry, done) {
    var self = this, layer = new Layer(entry), film = /^video\//.test(entry.mime), main;
    main = film ? document.createElement('video') : picture('main');
    main.className = 'main';
    if (film) {
      main.muted = true; /* until it is on the glass */
      main.setAttribute('muted', '');
      main.setAttribute('playsinline', '');
      main.preload = 'auto';
      layer.film = main;
    }
    layer.node.appendChild(main);
    this.root.appendChild(layer.node);
    function give(ok) { if (ok) { done(layer); } else { self.drop(layer); done(null); } }
    this.media.address(entry.sha256, function (address) {
      layer.addresses.push(address);
      if (!address) { give(false); return; }
      (film ? rolling : decoded)(main, address, function (ok) {
        if (!ok || !entry.qr) { give(ok); return; }
        self.overlay(layer, entry.qr, give);
      });
    });
  };

  fn.overlay = function (layer, qr, done) {
    var img = picture('qr');
    img.style.left = qr.x + 'px';
    img.style.top = qr.y + 'px';
    img.style.width = img.style.height = qr.width + 'px';
    layer.node.appendChild(img);
    this.media.address(qr.image_url, function (address) {
      layer.addresses.push(address);
      if (!address) { done(false); return; }
      decoded(img, address, done);
    });
  };

  /* what was above leaves once the new one has been on the glass for a frame */
  fn.show = function (layer) {
    var old = this.top, self = this;
    layer.node.className = 'layer up';
    this.top = layer;
    document.body.className = 'playing';
    if (layer.film) {
      layer.film.currentTime = 0;
      layer.film.muted = !layer.entry.sound;
      play(layer.film);
    }
    if (!old || old === layer) { return; }
    old.node.className = 'layer leaving';
    setTimeout(function () { frame(function () { frame(function () { self.drop(old); }); }); }, 0);
  };

  /* a browser that lets nothing be heard unasked plays it in silence */
  function play(film) {
    var going = film.play();
    if (going && going['catch']) {
      going['catch'](function () {
        if (!film.muted) { film.muted = true; play(film); } /* else the picture stays on its first frame */
      });
    }
  }

  function frame(then) {
    var once = BT.once(then);
    if (window.requestAnimationFrame) { window.requestAnimationFrame(once); }
    setTimeout(once, 250); /* frames stop while a page is hidden */
  }

  fn.drop = function (layer) {
    if (layer.film) { layer.film.pause(); layer.film.removeAttribute('src'); layer.film.load(); }
    if (layer.node.parentNode) { layer.node.parentNode.removeChild(layer.node); }
    layer.addresses.forEach(this.media.release);
    layer.addresses = [];
  };

  fn.clear = function () {
    if (this.top) { this.drop(this.top); this.top = null; }
    document.body.className = '';
  };

  /* a small JPEG of what is on the glass now; done(blob | null) */
  fn.photograph = function (width, done) {
    var layer = this.top, canvas = document.createElement('canvas'), pen, scale, main, code;
    if (!layer) { done(null); return; }
    scale = Math.min(1, width / this.size.width);
    canvas.width = Math.round(this.size.width * scale);
    canvas.height = Math.round(this.size.height * scale);
    pen = canvas.getContext('2d');
    pen.scale(scale, scale);
    main = layer.node.querySelector('.main');
    code = layer.node.querySelector('.qr');
    try {
      pen.drawImage(main, 0, 0, this.size.width, this.size.height);
      if (code) { pen.drawImage(code, layer.entry.qr.x, layer.entry.qr.y, layer.entry.qr.width, layer.entry.qr.width); }
      canvas.toBlob(done, 'image/jpeg', 0.8);
    } catch (e) { done(null); }
  };

  BT.Stage = Stage;
}(window.BangTin = window.BangTin || {}));
