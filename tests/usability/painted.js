// Listens in on CanvasKit: which texts Flutter paints, where, with which room. Loaded before the app.
//
// What is on the canvas cannot be asked of the DOM, and the accessibility tree holds whole sentences also where only
// half of one is painted. CanvasKit itself knows of every paragraph how wide its longest word is, whether lines were
// left out, and what it is clipped to.
(() => {
  // A browser without Chromium's own text breaking gets Flutter as JavaScript, with CanvasKit, which can be listened to: its
  // WebAssembly renderer is told from within, where nobody hears it. What is laid out is the same.
  Intl.v8BreakIterator = undefined;

  let kit;
  let frame = [];
  const texts = new WeakMap(); // paragraph -> what it says
  const held = new WeakMap(); // recording canvas or picture -> its texts

  const map = (m, x, y) => [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]];
  const bounds = (m, [left, top, right, bottom]) => {
    const [a, b] = [map(m, left, top), map(m, right, bottom)];
    return [a[0], a[1], b[0], b[1]];
  };
  const utf8 = (text) => { try { return decodeURIComponent(escape(text)); } catch { return text; } };

  // The clips of a canvas, as it was told of them: what it answers when asked is rounded to its tiles.
  const clips = new WeakMap();
  const clipsOf = (canvas) => clips.get(canvas) ?? clips.set(canvas, [[]]).get(canvas);

  function noted(canvas, paragraph, x, y) {
    const lines = paragraph.getLineMetrics();
    if (!lines.length) return null;
    const left = Math.min(...lines.map((line) => line.left));
    const right = Math.max(...lines.map((line) => line.left + line.width));
    const box = bounds(canvas.getTotalMatrix(), [x + left, y, x + right, y + paragraph.getHeight()]);
    // A text that does not fit its own box is clipped to it: that clip begins where the text begins.
    const own = clipsOf(canvas).at(-1).find((clip) => Math.abs(clip[1] - box[1]) < 0.5 && clip[3] < box[3] - 1);
    return {
      text: texts.get(paragraph) ?? "",
      box,
      shortened: paragraph.didExceedMaxLines() || Boolean(own),
      broken: paragraph.getMinIntrinsicWidth() > paragraph.getMaxWidth() + 0.5,
      line: paragraph.getHeight() / lines.length,
      longest: paragraph.getMinIntrinsicWidth(),
    };
  }

  const wrap = (prototype, name, around) => {
    const original = prototype[name];
    prototype[name] = function (...words) { return around.call(this, original, words); };
  };

  function listen(value) {
    wrap(value.ParagraphBuilder.prototype, "build", function (original, words) {
      const said = this.getText();
      const paragraph = original.apply(this, words);
      texts.set(paragraph, utf8(said));
      return paragraph;
    });
    wrap(value.PictureRecorder.prototype, "beginRecording", function (original, words) {
      const canvas = original.apply(this, words);
      held.set(canvas, []);
      held.set(this, held.get(canvas));
      return canvas;
    });
    wrap(value.PictureRecorder.prototype, "finishRecordingAsPicture", function (original, words) {
      const picture = original.apply(this, words);
      held.set(picture, held.get(this));
      return picture;
    });
    wrap(value.Canvas.prototype, "drawParagraph", function (original, words) {
      const note = noted(this, ...words);
      if (note) (held.get(this) ?? frame).push(note);
      return original.apply(this, words);
    });
    wrap(value.Canvas.prototype, "drawPicture", function (original, words) {
      const matrix = this.getTotalMatrix();
      const target = held.get(this) ?? frame;
      for (const note of held.get(words[0]) ?? []) target.push({ ...note, box: bounds(matrix, note.box) });
      return original.apply(this, words);
    });
    wrap(value.Canvas.prototype, "clipRect", function (original, words) {
      clipsOf(this).at(-1).push(bounds(this.getTotalMatrix(), words[0]));
      return original.apply(this, words);
    });
    for (const name of ["save", "saveLayer"]) {
      wrap(value.Canvas.prototype, name, function (original, words) {
        clipsOf(this).push([...clipsOf(this).at(-1)]);
        return original.apply(this, words);
      });
    }
    wrap(value.Canvas.prototype, "restore", function (original, words) {
      if (clipsOf(this).length > 1) clipsOf(this).pop();
      return original.apply(this, words);
    });
    wrap(value.Canvas.prototype, "clear", function (original, words) {
      if (!held.has(this)) frame = [];
      return original.apply(this, words);
    });
  }

  Object.defineProperty(window, "flutterCanvasKit", {
    configurable: true,
    get: () => kit,
    set: (value) => { kit = value; listen(value); },
  });
  window.painted = () => frame;
})();
