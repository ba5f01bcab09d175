// Uploads one file with tus-js-client, as somebody else's program would; tests/server/test_media_tus_js.py starts it.
//
// Takes one argument in JSON: endpoint, headers, metadata, file, chunkSize (bytes), store (where the client notes
// its uploads), and, if wanted, checksum (of every piece: "right" or "wrong") and dieAfter (bytes).
// Prints one line of JSON: what became of it.
const { createHash } = require('node:crypto')
const { createReadStream, readFileSync } = require('node:fs')
const tus = require('tus-js-client')

const asked = JSON.parse(process.argv[2])
const offsets = []

function say(result) {
  process.stdout.write(JSON.stringify({ ...result, offsets }) + '\n')
}

function checksumOf(begin) {
  const whole = readFileSync(asked.file)
  const piece = whole.subarray(begin, asked.chunkSize ? begin + asked.chunkSize : whole.length)
  const hashed = asked.checksum === 'right' ? piece : Buffer.from('something else')
  return 'sha256 ' + createHash('sha256').update(hashed).digest('base64')
}

const upload = new tus.Upload(createReadStream(asked.file), {
  endpoint: asked.endpoint,
  headers: asked.headers,
  metadata: asked.metadata,
  chunkSize: asked.chunkSize || Infinity,
  uploadSize: readFileSync(asked.file).length,
  urlStorage: new tus.FileUrlStorage(asked.store),
  storeFingerprintForResuming: true,
  retryDelays: null,
  onBeforeRequest(request) {
    if (asked.checksum && request.getMethod() === 'PATCH') {
      request.setHeader('Upload-Checksum', checksumOf(Number(request.getHeader('Upload-Offset'))))
    }
  },
  onAfterResponse(request, response) {
    if (request.getMethod() === 'HEAD') offsets.push(Number(response.getHeader('Upload-Offset')))
  },
  onChunkComplete(_size, accepted) {
    if (asked.dieAfter && accepted >= asked.dieAfter) process.kill(process.pid, 'SIGKILL')
  },
  onSuccess: () => say({ done: true, url: upload.url }),
  onError: (error) =>
    say({
      done: false,
      url: upload.url,
      status: error.originalResponse ? error.originalResponse.getStatus() : null,
      body: error.originalResponse ? error.originalResponse.getBody() : String(error),
    }),
})

upload.findPreviousUploads().then((previous) => {
  if (previous.length) upload.resumeFromPreviousUpload(previous[0])
  upload.start()
})
