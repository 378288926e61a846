#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// The peer of "weir bench embed": ONNX Runtime with the same weights, on one thread.
//
//   node tests/bench/ort.js [--weir PROGRAM] [--model DIR]
//       times both in turns and prints the ratios; "skipped" where onnxruntime-node is absent
//       (it is looked for where node looks, and in NODE_PATH)
//   node tests/bench/ort.js --vectors DIR < LINES
//       each line is the ids of a text; prints its vector (mean or cls pooled, of unit length)
//   node tests/bench/ort.js --make DIR
//       writes a model of MiniLM's shape with random weights
"use strict";
const fs = require("fs"), path = require("path"), os = require("os");
const { execFileSync } = require("child_process");

// ONNX is protocol buffers: a field is its number and kind, then a varint or length and bytes.
function varint(n) {
	const out = [];
	for (n = BigInt.asUintN(64, BigInt(n)); n > 127n; n >>= 7n)
		out.push(Number(n & 127n) | 128);
	return Buffer.from([...out, Number(n)]);
}
const number = (field, n) => Buffer.concat([varint(field << 3), varint(n)]);
const bytes = (field, b) => Buffer.concat([varint(field << 3 | 2), varint(b.length), b]);
const text = (field, s) => bytes(field, Buffer.from(s));
const real = (field, x) => {
	const b = Buffer.alloc(4);
	b.writeFloatLE(x);
	return Buffer.concat([varint(field << 3 | 5), b]);
};
const FLOAT = 1, INT64 = 7;

function tensor(name, type, dims, raw) {
	return Buffer.concat([...dims.map((d) => number(1, d)), number(2, type), text(8, name),
		bytes(9, raw)]);
}
function attribute(name, value) {
	if (Array.isArray(value))
		return Buffer.concat([text(1, name), ...value.map((v) => number(8, v)), number(20, 7)]);
	if (typeof value === "object")
		return Buffer.concat([text(1, name), real(2, value.real), number(20, 1)]);
	return Buffer.concat([text(1, name), number(3, value), number(20, 2)]);
}
function value_info(name, type, dims) {
	const shape = Buffer.concat(dims.map((d) => bytes(1, text(2, d))));
	return Buffer.concat([text(1, name),
		bytes(2, bytes(1, Buffer.concat([number(1, type), bytes(2, shape)])))]);
}

class Graph {
	constructor() {
		this.nodes = [];
		this.tensors = [];
		this.count = 0;
	}
	floats(dims, data) {
		const name = "w" + this.count++;
		this.tensors.push(tensor(name, FLOAT, dims,
			Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
		return name;
	}
	ints(list) {
		const name = "w" + this.count++;
		this.tensors.push(tensor(name, INT64, [list.length],
			Buffer.from(BigInt64Array.from(list.map(BigInt)).buffer)));
		return name;
	}
	scalar(x) {
		return this.floats([], Float32Array.of(x));
	}
	add(op, inputs, attributes = {}) {
		const out = "n" + this.count++;
		this.nodes.push(Buffer.concat([...inputs.map((i) => text(1, i)), text(2, out),
			text(3, out), text(4, op),
			...Object.entries(attributes).map(([k, v]) => bytes(5, attribute(k, v)))]));
		return out;
	}
	model(output) {
		this.nodes.push(Buffer.concat([text(1, output), text(2, "states"), text(4, "Identity")]));
		const graph = Buffer.concat([...this.nodes.map((n) => bytes(1, n)), text(2, "bert"),
			...this.tensors.map((t) => bytes(5, t)),
			bytes(11, value_info("ids", INT64, ["batch", "length"])),
			bytes(12, value_info("states", FLOAT, ["batch", "length", "hidden"]))]);
		return Buffer.concat([number(1, 8), bytes(7, graph),
			bytes(8, Buffer.concat([text(1, ""), number(2, 17)]))]);
	}
}

function read_tensors(file) {
	const all = fs.readFileSync(file), length = Number(all.readBigUInt64LE(0));
	const header = JSON.parse(all.subarray(8, 8 + length)), out = {};
	for (const [name, t] of Object.entries(header)) {
		if (name === "__metadata__" || t.dtype !== "F32")
			continue;
		const copy = Buffer.from(all.subarray(8 + length + t.data_offsets[0],
			8 + length + t.data_offsets[1]));
		out[name] = { shape: t.shape, data: new Float32Array(new Uint8Array(copy).buffer) };
	}
	return out;
}

function turn({ shape: [rows, columns], data }) {
	const out = new Float32Array(rows * columns);
	for (let i = 0; i < rows; i++)
		for (let j = 0; j < columns; j++)
			out[j * rows + i] = data[i * columns + j];
	return out;
}

const names = {
	bert: { prefix: "bert.", layer: (i) => `encoder.layer.${i}.`, query: "attention.self.query",
		key: "attention.self.key", value: "attention.self.value",
		out: "attention.output.dense", attended: "attention.output.LayerNorm",
		up: "intermediate.dense", down: "output.dense", done: "output.LayerNorm" },
	distil: { prefix: "distilbert.", layer: (i) => `transformer.layer.${i}.`,
		query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
		out: "attention.out_lin", attended: "sa_layer_norm", up: "ffn.lin1",
		down: "ffn.lin2", done: "output_layer_norm" },
};

// The graph as an exporter writes it; the runtime fuses what it can.
function build(dir) {
	const config = JSON.parse(fs.readFileSync(path.join(dir, "config.json")));
	const all = read_tensors(path.join(dir, "model.safetensors")), g = new Graph();
	const name = config.architectures[0].startsWith("Distil") ? names.distil : names.bert;
	const heads = config.num_attention_heads || config.n_heads;
	const layers = config.num_hidden_layers || config.n_layers;
	const hidden = config.hidden_size || config.dim, width = hidden / heads;
	const epsilon = { real: config.layer_norm_eps || 1e-12 };
	const get = (n) => all[name.prefix + n] || all[n];
	const whole = (n) => g.floats(get(n).shape, get(n).data);
	const linear = (x, n) => {
		const w = get(n + ".weight");
		return g.add("Add", [g.add("MatMul", [x, g.floats([w.shape[1], w.shape[0]], turn(w))]),
			whole(n + ".bias")]);
	};
	const norm = (x, n) => g.add("LayerNormalization", [x, whole(n + ".weight"),
		whole(n + ".bias")], { axis: -1, epsilon });
	const split = (x, perm) => g.add("Transpose",
		[g.add("Reshape", [x, g.ints([0, 0, heads, width])])], { perm });
	const activate = (x) => {
		const kind = config.hidden_act || config.activation || "gelu";
		if (kind === "relu")
			return g.add("Relu", [x]);
		if (kind === "gelu") {
			const e = g.add("Erf", [g.add("Div", [x, g.scalar(Math.SQRT2)])]);
			return g.add("Mul", [g.add("Mul", [x, g.add("Add", [e, g.scalar(1)])]),
				g.scalar(0.5)]);
		}
		const cube = g.add("Mul", [g.add("Mul", [x, x]), x]);
		const inside = g.add("Mul", [g.add("Add", [x, g.add("Mul",
			[cube, g.scalar(0.044715)])]), g.scalar(Math.sqrt(2 / Math.PI))]);
		return g.add("Mul", [g.add("Mul", [x, g.scalar(0.5)]),
			g.add("Add", [g.add("Tanh", [inside]), g.scalar(1)])]);
	};
	const length = g.add("Gather", [g.add("Shape", ["ids"]), g.ints([1])]);
	const places = g.add("Slice", [whole("embeddings.position_embeddings.weight"), g.ints([0]),
		length, g.ints([0])]);
	let x = g.add("Add", [g.add("Gather", [whole("embeddings.word_embeddings.weight"), "ids"]),
		places]);
	const segments = get("embeddings.token_type_embeddings.weight");
	if (segments)
		x = g.add("Add", [x, g.floats([hidden], segments.data.slice(0, hidden))]);
	x = norm(x, "embeddings.LayerNorm");
	for (let i = 0; i < layers; i++) {
		const at = name.layer(i);
		const q = split(linear(x, at + name.query), [0, 2, 1, 3]);
		const k = split(linear(x, at + name.key), [0, 2, 3, 1]);
		const v = split(linear(x, at + name.value), [0, 2, 1, 3]);
		const scores = g.add("Div", [g.add("MatMul", [q, k]), g.scalar(Math.sqrt(width))]);
		const mixed = g.add("MatMul", [g.add("Softmax", [scores], { axis: -1 }), v]);
		const joined = g.add("Reshape", [g.add("Transpose", [mixed], { perm: [0, 2, 1, 3] }),
			g.ints([0, 0, hidden])]);
		x = norm(g.add("Add", [linear(joined, at + name.out), x]), at + name.attended);
		const inner = activate(linear(x, at + name.up));
		x = norm(g.add("Add", [linear(inner, at + name.down), x]), at + name.done);
	}
	return g.model(x);
}

// A generator that gives the same weights everywhere (mulberry32).
function random(seed) {
	return () => {
		seed = seed + 0x6D2B79F5 | 0;
		let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
		t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
		return ((t ^ t >>> 14) >>> 0) / 4294967296 - 0.5;
	};
}

function make(dir) {
	const config = { architectures: ["BertModel"], hidden_act: "gelu", hidden_size: 384,
		intermediate_size: 1536, layer_norm_eps: 1e-12, max_position_embeddings: 512,
		num_attention_heads: 12, num_hidden_layers: 6, type_vocab_size: 2, vocab_size: 3000 };
	const h = config.hidden_size, next = random(1), header = {}, parts = [];
	let at = 0;
	const put = (name, shape, scale, around = 0) => {
		const data = new Float32Array(shape.reduce((a, b) => a * b));
		for (let i = 0; i < data.length; i++)
			data[i] = around + scale * next();
		header[name] = { dtype: "F32", shape, data_offsets: [at, at + 4 * data.length] };
		at += 4 * data.length;
		parts.push(Buffer.from(data.buffer));
	};
	const linear = (name, rows, columns) => {
		put(name + ".weight", [rows, columns], 0.14);
		put(name + ".bias", [rows], 0.1);
	};
	const norm = (name) => {
		put(name + ".weight", [h], 0.4, 1);
		put(name + ".bias", [h], 0.4);
	};
	put("embeddings.word_embeddings.weight", [config.vocab_size, h], 0.2);
	put("embeddings.position_embeddings.weight", [512, h], 0.1);
	put("embeddings.token_type_embeddings.weight", [2, h], 0.1);
	norm("embeddings.LayerNorm");
	for (let i = 0; i < config.num_hidden_layers; i++) {
		const layer = names.bert.layer(i);
		for (const n of ["query", "key", "value", "out"])
			linear(layer + names.bert[n], h, h);
		linear(layer + names.bert.up, config.intermediate_size, h);
		linear(layer + names.bert.down, h, config.intermediate_size);
		norm(layer + names.bert.attended);
		norm(layer + names.bert.done);
	}
	let json = JSON.stringify(header);
	json += " ".repeat((8 - json.length % 8) % 8);
	const size = Buffer.alloc(8);
	size.writeBigUInt64LE(BigInt(json.length));
	fs.mkdirSync(dir, { recursive: true });
	fs.writeFileSync(path.join(dir, "model.safetensors"),
		Buffer.concat([size, Buffer.from(json), ...parts]));
	fs.writeFileSync(path.join(dir, "config.json"), JSON.stringify(config));
	const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
	while (words.length < config.vocab_size)
		words.push("a" + words.length);
	fs.writeFileSync(path.join(dir, "vocab.txt"), words.join("\n") + "\n");
}

async function open(ort, dir) {
	return ort.InferenceSession.create(build(dir), { intraOpNumThreads: 1, interOpNumThreads: 1,
		graphOptimizationLevel: "all" });
}
function feed(ort, ids, batch) {
	return { ids: new ort.Tensor("int64", BigInt64Array.from(ids.map(BigInt)),
		[batch, ids.length / batch]) };
}

async function vectors(ort, dir) {
	const session = await open(ort, dir);
	const file = path.join(dir, "1_Pooling", "config.json");
	const cls = fs.existsSync(file) && JSON.parse(fs.readFileSync(file)).pooling_mode_cls_token;
	for (const line of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
		const ids = line.trim().split(/\s+/).map(Number);
		const { dims, data } = (await session.run(feed(ort, ids, 1))).states;
		const sum = new Float64Array(dims[2]);
		for (let i = 0; i < (cls ? 1 : dims[1]); i++)
			for (let j = 0; j < dims[2]; j++)
				sum[j] += data[i * dims[2] + j];
		const length = Math.hypot(...sum);
		console.log(JSON.stringify(Array.from(sum, (x) => +(x / length).toPrecision(8))));
	}
}

async function time(ort, session, length, batch) {
	const input = feed(ort, Array.from({ length: length * batch },
		(_, i) => 5 + i * 7919 % 2990), batch);
	const spent = () => {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	};
	let best = Infinity;
	for (const end = spent() + 700; spent() < end;) {
		const begin = spent();
		await session.run(input);
		best = Math.min(best, spent() - begin);
	}
	return best;
}

// In turns, three times each; processor time, and the best of each, as other work shares the
// machine.
async function race(ort, weir, dir) {
	const session = await open(ort, dir), peer = {}, own = {};
	for (let round = 0; round < 3; round++) {
		const figures = JSON.parse(execFileSync(weir, ["bench", "embed", "--json", "--model", dir]));
		for (const f of figures.lengths)
			for (const [batch, ms] of [[1, f.ms], [32, f.batch_ms]]) {
				const key = `${batch} x ${f.tokens}`;
				own[key] = Math.min(own[key] || Infinity, ms);
				peer[key] = Math.min(peer[key] || Infinity,
					await time(ort, session, f.tokens, batch));
			}
	}
	console.log("texts x tokens   weir ms   ONNX Runtime ms   times as fast");
	for (const key of Object.keys(own))
		console.log(key.padEnd(14) + own[key].toFixed(2).padStart(10) +
			peer[key].toFixed(2).padStart(18) + (peer[key] / own[key]).toFixed(2).padStart(16));
}

async function main(args) {
	const option = (name, fallback) => args.includes(name) ? args[args.indexOf(name) + 1] : fallback;
	let ort, dir = option("--model");
	if (option("--make"))
		return make(option("--make"));
	try {
		ort = require("onnxruntime-node");
	} catch {
		return console.log("skipped: onnxruntime-node is not installed");
	}
	if (option("--vectors"))
		return vectors(ort, option("--vectors"));
	const own = dir ? null : fs.mkdtempSync(path.join(os.tmpdir(), "weir-ort-"));
	if (own)
		make(dir = own);
	try {
		await race(ort, option("--weir", "weir"), dir);
	} finally {
		if (own)
			fs.rmSync(own, { recursive: true });
	}
}

main(process.argv.slice(2));
