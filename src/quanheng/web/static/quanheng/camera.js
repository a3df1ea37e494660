// Reading a QR code with the device's camera or from a picture: the browser's own detector where it has one, else a
// library from our own origin, fetched when it is first needed. Nothing leaves the device but the text that was read.
(() => {
  "use strict";
  const frame = document.querySelector("[data-camera]");
  if (!frame) return;
  const video = frame.querySelector("video");
  const said = frame.querySelector("[data-camera-said]");
  const button = frame.querySelector("[data-camera-start]");
  const canvas = document.createElement("canvas");
  const LARGEST = 1600; // pixels of a side: a label fills enough of them
  const EVERY = 200; // milliseconds between two looks
  frame.hidden = false;

  let library;
  const loadLibrary = () => (library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = frame.dataset.camera;
    script.onload = () => done(window.jsQR);
    script.onerror = failed;
    document.head.append(script);
  }));

  let detector;
  const ownDetector = async () => {
    if (detector !== undefined) return detector;
    const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
    detector = formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
    return detector;
  };

  const read = async (source, width, height) => {
    const own = await ownDetector();
    if (own) return (await own.detect(source))[0]?.rawValue ?? "";
    const decode = await loadLibrary();
    const scale = Math.min(1, LARGEST / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    paper.drawImage(source, 0, 0, canvas.width, canvas.height);
    const pixels = paper.getImageData(0, 0, canvas.width, canvas.height);
    return decode(pixels.data, canvas.width, canvas.height)?.data ?? "";
  };

  let stream = null;
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
  };
  const go = (text) => {
    stop();
    location.assign(frame.dataset.found + encodeURIComponent(text));
  };

  const look = async () => {
    if (!stream) return;
    const text = video.readyState >= 2 ? await read(video, video.videoWidth, video.videoHeight).catch(() => "") : "";
    if (text) go(text);
    else setTimeout(look, EVERY);
  };

  button.addEventListener("click", async () => {
    said.textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      said.textContent = frame.dataset.wordsOff;
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    button.hidden = true;
    await video.play();
    look();
  });
  addEventListener("pagehide", stop);

  frame.querySelector("[data-camera-file]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    said.textContent = "";
    try {
      const picture = await createImageBitmap(file);
      const text = await read(picture, picture.width, picture.height);
      if (text) return go(text);
    } catch {
      // No picture, or one that this browser does not read: the same advice.
    }
    said.textContent = frame.dataset.wordsNone;
    event.target.value = "";
  });
})();
