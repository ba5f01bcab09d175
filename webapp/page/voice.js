// Microphone and loudspeaker for the app: a worker has neither, so the page records and plays for it.
// The messages are described in webapp/README.md; why there is a recorder of our own, in docs/adr.
//
// While recording, every second's sound goes to the app at once, which keeps it: when the tab dies, at most the last
// second is lost. Nothing of a recording stays here.
"use strict";

(() => {
  if (rundgang.blocked) return;
  const channel = new BroadcastChannel(`rundgang-voice-${rundgang.pageId}`);

  // What the server takes, the best first. Chromium and Safari from 18.4 on know the first, Firefox the first two,
  // an older Safari the last (AAC).
  const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
  const BITS_PER_SECOND = 32_000; // speech in Opus: clear, and five minutes are 1.2 MB
  const PIECE_MS = 1000;
  const LEVEL_MS = 200; // how often time and level move

  const say = (type, more) => channel.postMessage({ type, ...more });

  let current = null; // the recording under way

  // What browsers answer to getUserMedia (Media Capture and Streams, 10.2).
  function reason(error) {
    switch (error?.name) {
      case "NotAllowedError": case "SecurityError": return "refused";
      case "NotFoundError": case "OverconstrainedError": return "missing";
      case "NotReadableError": case "AbortError": return "taken";
      default: return "other";
    }
  }

  async function record({ id, limit }) {
    if (current) await end("asked");
    const type = globalThis.MediaRecorder && TYPES.find((each) => MediaRecorder.isTypeSupported(each));
    if (!type || !navigator.mediaDevices?.getUserMedia) {
      say("failed", { id, why: "unsupported", said: "" });
      return;
    }
    quiet();
    const mine = { id, limit, number: 0, before: 0, since: 0, why: "asked", sending: Promise.resolve() };
    current = mine;
    try {
      mine.stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
      if (current !== mine) { release(mine); return; } // ended while the person was asked
      mine.recorder = new MediaRecorder(mine.stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
      mine.recorder.ondataavailable = ({ data }) => piece(mine, data);
      mine.recorder.onstop = () => stopped(mine);
      mine.recorder.onerror = () => { mine.why = "lost"; };
      const [track] = mine.stream.getAudioTracks();
      track.onended = () => { mine.why = "lost"; if (mine.recorder.state !== "inactive") mine.recorder.stop(); };
      track.onmute = () => { if (mine.recorder.state === "recording") { pause(); say("muted", { id }); } };
      listen(mine);
      mine.recorder.start(PIECE_MS);
      mine.since = performance.now();
      say("began", { id, mediaType: type.split(";")[0] });
      stayAwake(mine);
    } catch (error) {
      release(mine);
      if (current === mine) current = null;
      say("failed", { id, why: reason(error), said: String(error?.name ?? error) });
    }
  }

  const seconds = (mine) => (mine.before + (mine.since ? performance.now() - mine.since : 0)) / 1000;

  // One after the other: reading a blob takes its time, and pieces must arrive in their order.
  function piece(mine, blob) {
    const length = seconds(mine);
    mine.sending = mine.sending.then(async () => {
      const data = new Uint8Array(await blob.arrayBuffer());
      if (data.length) say("piece", { id: mine.id, number: mine.number++, seconds: length, data });
    });
    if (length >= mine.limit) end("limit");
  }

  function pause() {
    if (current?.recorder?.state !== "recording") return;
    current.recorder.requestData();
    current.recorder.pause();
    current.before += performance.now() - current.since;
    current.since = 0;
  }

  function goOn() {
    if (current?.recorder?.state !== "paused") return;
    current.recorder.resume();
    current.since = performance.now();
    current.audio?.resume();
  }

  async function end(why) {
    const mine = current;
    if (!mine) return;
    if (!mine.recorder) { // the person is still being asked
      current = null;
      say("stopped", { id: mine.id, why });
      return;
    }
    if (mine.recorder.state === "inactive") return;
    mine.why = why;
    mine.recorder.stop(); // brings the last piece, then calls `stopped`
  }

  async function stopped(mine) {
    release(mine);
    if (current === mine) current = null;
    await mine.sending;
    say("stopped", { id: mine.id, why: mine.why });
  }

  function release(mine) {
    clearInterval(mine.ticking);
    mine.stream?.getTracks().forEach((track) => { track.onended = null; track.onmute = null; track.stop(); });
    mine.audio?.close().catch(() => {});
    mine.lock?.release().catch(() => {});
  }

  function listen(mine) {
    mine.audio = new AudioContext();
    const analyser = mine.audio.createAnalyser();
    mine.audio.createMediaStreamSource(mine.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    mine.ticking = setInterval(() => {
      if (mine.recorder?.state !== "recording") return;
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
      // From -60 dB, a quiet room, to 0 dB: as loud as it can be.
      const level = Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-12) / 6));
      const length = seconds(mine);
      say("level", { id: mine.id, seconds: length, level });
      if (length >= mine.limit) end("limit");
    }, LEVEL_MS);
  }

  // The screen may grow dim, but a tablet that falls asleep would end the recording.
  async function stayAwake(mine) {
    mine.lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
    if (current !== mine) mine.lock?.release().catch(() => {});
  }

  document.addEventListener("visibilitychange", () => {
    if (!current?.recorder) return;
    if (document.visibilityState === "visible") stayAwake(current);
    else if (current.recorder.state === "recording") current.recorder.requestData();
  });
  // The tab closes: what was spoken since the last piece still goes to the app, if there is time.
  window.addEventListener("pagehide", () => {
    if (current?.recorder?.state === "recording") current.recorder.requestData();
  });

  // -- the loudspeaker --

  const player = document.createElement("audio");
  let played = "";
  player.addEventListener("timeupdate", () => { if (!player.paused) tellPlace(); });
  player.addEventListener("ended", () => say("played", { id: played, failed: false }));
  player.addEventListener("error", () => { if (player.src) say("played", { id: played, failed: true }); });
  const tellPlace = () => say("playing", { id: played, seconds: player.currentTime });

  async function play({ id, mediaType, from, data }) {
    quiet();
    played = id;
    document.body.append(player);
    player.src = URL.createObjectURL(new Blob([data], { type: mediaType }));
    try {
      if (from > 0) player.currentTime = from;
      await player.play();
      tellPlace();
    } catch (error) {
      if (error?.name !== "AbortError") say("played", { id, failed: true });
    }
  }

  function quiet() {
    player.pause();
    const old = player.src;
    player.removeAttribute("src");
    if (old) URL.revokeObjectURL(old);
  }

  const answers = { record, pause, "go-on": goOn, stop: () => end("asked"), play, "be-quiet": quiet };
  channel.addEventListener("message", ({ data }) => answers[data?.type]?.(data));
})();
