// A softmax in JavaScript behind the protocol of crosscheck (docs/protocol.md): copy it, put your
// own code in. Needs node and nothing else:
//
//     crosscheck check --process "node softmax.js"
//
// With --broken, the derivative forgets the factor y.

"use strict";

const broken = process.argv.includes("--broken");
const arrays = { float64: Float64Array, float32: Float32Array };

// The code under test: vectors of length n, as arrays of doubles.

function softmax(x) {
  const most = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const e = x.map((value) => Math.exp(value - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((value) => value / sum);
}

function dot(a, x) {
  return a.reduce((sum, value, i) => sum + value * x[i], 0);
}

function softmaxJvp(x, dx) {
  const y = softmax(x);
  const mean = dot(y, dx);
  return y.map((value, i) => (broken ? 1 : value) * (dx[i] - mean));
}

function sumExp(x) {
  return x.reduce((sum, value) => sum + Math.exp(value), 0);
}

// Constant -> its function, and whether it returns one number instead of a vector.
const constants = {
  softmaxVec: [softmax, false],
  softmaxJvp: [softmaxJvp, false],
  sumExp: [sumExp, true],
  dotCLM: [dot, true],
};

// The protocol.

function send(header, numbers = Buffer.alloc(0)) {
  process.stdout.write(Buffer.concat([Buffer.from(JSON.stringify(header) + "\n"), numbers]));
}

function answer(call, data) {
  const Kind = arrays[call.dtype];
  let start = 0;
  const given = call.arguments.map(({ shape }) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const bytes = Uint8Array.from(data.subarray(start, (start += count * Kind.BYTES_PER_ELEMENT)));
    return Float64Array.from(new Kind(bytes.buffer));
  });
  const shape = call.arguments[0].shape;
  const n = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const [compute, single] = constants[call.constant];
  const result = new Kind(single ? rows : rows * n);
  for (let row = 0; row < rows; row++) {
    const part = compute(...given.map((numbers) => numbers.subarray(row * n, (row + 1) * n)));
    result.set(single ? [part] : part, single ? row : row * n);
  }
  const numbers = Buffer.from(result.buffer);
  const told = single ? shape.slice(0, -1) : shape;
  const { id, dtype } = call;
  send({ kind: "result", id, dtype, shape: told, bytes: numbers.length }, numbers);
}

let waiting = Buffer.alloc(0);
let calls = 0;

// Answers what has come whole; the rest waits for more.
function take() {
  for (;;) {
    const end = waiting.indexOf("\n");
    if (end < 0) return;
    const message = JSON.parse(waiting.subarray(0, end).toString());
    const whole = end + 1 + (message.bytes ?? 0);
    if (waiting.length < whole) return;
    const data = waiting.subarray(end + 1, whole);
    waiting = waiting.subarray(whole);
    if (message.kind === "hello") {
      const names = Object.keys(constants).map((name) => [name, "ieee"]);
      send({
        kind: "hello",
        protocol: 1,
        name: "softmax-js",
        version: process.version,
        constants: Object.fromEntries(names),
        dtypes: Object.keys(arrays),
      });
    } else if (message.kind === "call") {
      try {
        answer(message, data);
      } catch (error) {
        send({ kind: "error", id: message.id, message: String(error) });
      }
      calls++;
    } else if (message.kind === "bye") {
      send({ kind: "bye", calls });
      process.stdin.destroy();
    }
  }
}

process.stdin.on("data", (chunk) => {
  waiting = Buffer.concat([waiting, chunk]);
  take();
});
