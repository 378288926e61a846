// SPDX-License-Identifier: GPL-3.0-or-later
// Texts with the ids that Hugging Face's tokenizers give them, for tests/embed/wordpiece.c.
//
//   npm install tokenizers
//   node golden.js small            makes wordpiece.vocab and wordpiece.jsonl beside this file anew
//   node golden.js full DIR > FILE  9,000 texts and more for the tokenizer.json in DIR, then
//   WEIR_MINILM=DIR WEIR_WORDPIECE=FILE make check TESTS=tests/embed/wordpiece_model.t
//
// Sentences and vocabulary are our own. A text that is no UTF-8 is written in hexadecimal.
const fs = require('fs');
const path = require('path');
const { Tokenizer, bertNormalizer, bertPreTokenizer } = require('tokenizers');

const sentences = JSON.parse(fs.readFileSync(path.join(__dirname, 'sentences.json')));
const languages = Object.keys(sentences);

let state = 12345n;
function below(n) {
	state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
	return Number((state >> 33n) % BigInt(n));
}
const pick = (list) => list[below(list.length)];
const times = (n, make) => Array.from({ length: 1 + below(n) }, make).join('');
const between = (first, last) => String.fromCodePoint(first + below(last - first + 1));
const scalar = (end) => {
	const code = below(end - 0x800);
	return String.fromCodePoint(code < 0xd800 ? code : code + 0x800);
};

const invisible = [...'\u200b\u200c\u200d\ufeff\u2060\u00ad\u180e\u200e\u200f\u202a\u202e\u2066' +
	'\u2069\ufe0f\ufe0e\u034f\u061c'];
const blanks = [...' \t\n\r\v\f\u0085\u00a0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000'];
const pictures = ['😀', '👨‍👩‍👧‍👦', '🏳️‍🌈', '👍🏽', '🇩🇪', '1️⃣', '❤️', '🧑🏿‍🚀', '☎️', '♀', '©', '™'];
const words = ['insurance', 'Deductible', 'unbelievable', 'antidisestablishmentarianism', 'İ', 'ß',
	'ẞ', 'ſ', 'K', 'Å', 'Ω', 'ﬁ', 'ａｂｃ', 'ＡＢＣ', '①', '½', 'ª', 'Ǆ', 'ǅ', 'ŉ', 'ΐ', 'ᾳ', 'ᾼ', 'ὖ', '한',
	'한', '각', '漢', '豈', '㐀', '𠀀', '𫜴', '𫠠', '𮯠', '〇', 'ー', '々', 'ﾊﾞ', 'が', 'が'];
const special = ['[CLS]', '[SEP]', '[UNK]', '[PAD]', '[MASK]', '[cls]', '[ MASK ]', '[MASK', 'MASK]',
	'##ing', '##', '[[SEP]]', '[S[SEP]EP]'];

// One row a kind of trouble.
const hostile = [
	() => times(30, () => scalar(0x110000)),
	() => times(30, () => scalar(0x10000)),
	() => times(40, () => between(0, 0x2fff)),
	() => times(40, () => between(0, 0x24f)),
	() => times(12, () => pick(words) + pick([' ', '', pick(blanks), pick(invisible)])),
	() => times(8, () => pick(pictures) + pick(['', ' ', 'a'])),
	() => times(10, () => pick(special) + pick(['', ' ', 'x', '\u0301', pick(invisible)])),
	() => pick(['a', '1', 'é', '漢', 'x̂', 'ab', '-', 'İ', '한', '\u0301', '🙂']).repeat(95 + below(12)),
	() => 'x'.repeat(98 + below(5)) + pick(['', '\u0301', 'é', '.', ' y', '\u200b', '漢']),
	() => times(40, () => pick(blanks) + pick(['a', 'b2', '!', ''])),
	() => 'e' + times(60, () => between(0x300, 0x36f)) + pick(['', 'x', ' ok']),
	() => times(20, () => between(0x1100, 0x11ff)),
	() => times(20, () => between(0xac00, 0xd7a3) + pick(['', ' '])),
	() => times(20, () => between(0xff01, 0xffee)),
	() => times(20, () => between(0xe000, 0xf8ff) + pick(['', 'a'])),
	() => times(20, () => between(0xe0000, 0xe0fff) + pick(['', 'b'])),
	() => times(30, () => between(0, 0x20) + pick(['', 'c'])),
	() => times(30, () => between(0x7f, 0xa0) + pick(['', 'c'])),
	() => Buffer.from(Array.from({ length: 1 + below(60) }, () => below(256))),
	() => {
		const bytes = Buffer.from(pick(sentences[pick(languages)]));
		const from = below(bytes.length);
		return bytes.subarray(from, from + 1 + below(40));
	},
	() => {
		const bytes = Buffer.from(pick(sentences[pick(languages)]));
		for (let i = 0; i < 3; i++)
			bytes[below(bytes.length)] = below(256);
		return bytes;
	},
	() => Buffer.from([0x73, 0xed, 0xa0 + below(32), 0x80 + below(64), 0x72, 0xc0, 0x80, 0x7a]),
	() => Buffer.from([0x66, 0x6f, 0x20, ...[0xf4, 0x90, 0x80, 0x80, 0xf5, 0xff, 0xfe, 0xc1, 0xbf,
		0xe0, 0x80, 0xaf].slice(0, 1 + below(12)), 0x6f]),
	() => times(8, () => pick(sentences[pick(languages)]) + pick(blanks)),
	() => times(20, () => between(0x1d100, 0x1d1ff) + pick(['', 'q'])),
	() => times(20, () => between(0x2b700, 0x2b9ff) + pick(['', 'a'])),
	() => times(20, () => between(0xf900, 0xfaff)),
	() => times(20, () => between(0x2000, 0x206f) + pick(['', 'w'])),
	() => times(20, () => between(0x1e00, 0x1fff)),
	() => pick(['', ' ', '[CLS]', '\0', '.']).repeat(below(40)),
];

// A sentence's words in another order, joined and written in other ways.
function varied(list) {
	const parts = (pick(list) + ' ' + pick(list)).split(' ');
	const text = parts.slice(below(parts.length)).concat(pick(parts))
		.join(pick([' ', '  ', '\t', '\u3000', '', '-', '\u200b', '\u00a0']));
	const form = pick(['', 'NFC', 'NFD', 'NFKC']);
	return pick([(t) => t, (t) => t.toUpperCase(), (t) => t.toLowerCase()])(
		form ? text.normalize(form) : text);
}

function texts(variations, trouble) {
	const all = [];
	for (const language of languages) {
		all.push(...sentences[language].slice(0, variations));
		for (let i = 0; i < variations; i++)
			all.push(varied(sentences[language]));
	}
	for (let i = 0; i < trouble; i++)
		all.push(hostile[i % hostile.length]());
	return all;
}

const asText = (text) => Buffer.isBuffer(text) ?
	new TextDecoder('utf-8', { ignoreBOM: true }).decode(text) : text;

async function line(tokenizer, rules, text) {
	const ids = (await tokenizer.encode(asText(text))).getIds();
	const said = Buffer.isBuffer(text) ? { hex: text.toString('hex') } : { text };
	return JSON.stringify({ rules, ...said, ids }) + '\n';
}

// ---- a small vocabulary of our own: letters, and the commonest beginnings and ends of words

function commonest(counts, most) {
	return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most)
		.map(([piece]) => piece);
}

function vocabulary() {
	const pieces = new Set(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);
	const front = new Map(), back = new Map();
	const count = (map, piece) => map.set(piece, (map.get(piece) || 0) + 1);
	for (const lowercase of [true, false]) {
		const fold = bertNormalizer({ lowercase, stripAccents: lowercase });
		for (const text of languages.flatMap((l) => sentences[l]).concat(words)) {
			const folded = fold.normalizeString(text);
			for (const [word] of bertPreTokenizer().preTokenizeString(folded)) {
				const letters = [...word];
				letters.forEach((c) => pieces.add(c).add('##' + c));
				for (let n = 2; n <= letters.length; n++) {
					count(front, letters.slice(0, n).join(''));
					count(back, '##' + letters.slice(-n).join(''));
				}
			}
		}
	}
	commonest(front, 900).concat(commonest(back, 700)).forEach((piece) => pieces.add(piece));
	return [...pieces];
}

function around(vocab) {
	const id = (token) => vocab.indexOf(token);
	const token = (name) => ({ id: name, ids: [id(name)], tokens: [name] });
	return {
		type: 'TemplateProcessing',
		single: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } },
			{ SpecialToken: { id: '[SEP]', type_id: 0 } }],
		pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
		special_tokens: { '[CLS]': token('[CLS]'), '[SEP]': token('[SEP]') },
	};
}

function tokenizerOf(vocab, normalizer, added) {
	const tokens = vocab.slice(0, 5).map((content, id) => ({ id, content, special: true,
		normalized: false })).concat(added);
	return Tokenizer.fromString(JSON.stringify({
		version: '1.0', truncation: null, padding: null,
		added_tokens: tokens.map((t) => ({ single_word: false, lstrip: false, rstrip: false, ...t })),
		normalizer: { type: 'BertNormalizer', ...normalizer },
		pre_tokenizer: { type: 'BertPreTokenizer' },
		post_processor: around(vocab), decoder: null,
		model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##',
			max_input_chars_per_word: 100,
			vocab: Object.fromEntries(vocab.map((piece, id) => [piece, id])) },
	}));
}

// As tests/embed/wordpiece.c writes them into its tokenizer.json.
function variants(vocab) {
	const rules = (clean_text, handle_chinese_chars, strip_accents, lowercase) =>
		({ clean_text, handle_chinese_chars, strip_accents, lowercase });
	const added = [['Foo', true], ['漢字', true], ['e i', true], ['[CLS][SEP]', false],
		['\u200b', false], ['[MASK', false], ['é', true]].map(([content, normalized], i) =>
		({ id: vocab.length + i, content, normalized, special: false }));
	return {
		uncased: tokenizerOf(vocab, rules(true, true, null, true), []),
		cased: tokenizerOf(vocab, rules(true, true, null, false), []),
		accents: tokenizerOf(vocab, rules(true, true, false, true), []),
		stripped: tokenizerOf(vocab, rules(true, true, true, false), []),
		raw: tokenizerOf(vocab, rules(false, false, false, false), []),
		added: tokenizerOf(vocab, rules(true, true, null, true), added),
	};
}

// FNV-1a over all ids of "a?b ?" for the code points in wordpiece.c's sweep.
async function sweep(tokenizer) {
	let hash = 2166136261;
	for (let code = 0; code < 0x110000; code += code < 0x20000 ? 1 : 61) {
		if (code >= 0xd800 && code < 0xe000)
			continue;
		const c = String.fromCodePoint(code);
		for (const id of (await tokenizer.encode('a' + c + 'b ' + c)).getIds())
			hash = Math.imul(hash ^ id, 16777619) >>> 0;
	}
	return hash;
}

async function small() {
	const vocab = vocabulary();
	const tokenizers = variants(vocab);
	let out = '';
	for (const text of texts(5, 300))
		out += await line(tokenizers.uncased, 'uncased', text);
	for (const rules of Object.keys(tokenizers).slice(1))
		for (const text of texts(1, 60).filter((_, i) => i % 2))
			out += await line(tokenizers[rules], rules, text);
	fs.writeFileSync(path.join(__dirname, 'wordpiece.vocab'), vocab.join('\n') + '\n');
	fs.writeFileSync(path.join(__dirname, 'wordpiece.jsonl'), out);
	console.log('sweep, uncased: 0x' + (await sweep(tokenizers.uncased)).toString(16));
	console.log('sweep, raw: 0x' + (await sweep(tokenizers.raw)).toString(16));
}

async function full(folder) {
	const tokenizer = Tokenizer.fromFile(path.join(folder, 'tokenizer.json'));
	tokenizer.disableTruncation();
	tokenizer.disablePadding();
	for (const text of texts(120, 6000))
		process.stdout.write(await line(tokenizer, 'model', text));
}

if (process.argv[2] === 'full')
	full(process.argv[3]);
else
	small();
