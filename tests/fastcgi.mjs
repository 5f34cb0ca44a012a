/*
 * A FastCGI client that can be as rude as the protocol allows: it speaks to
 * a program's socket without nginx (FastCGI specification 1.0, section 3).
 */
import { connect } from 'node:net';
import { join } from 'node:path';

export const BEGIN = 1, ABORT = 2, PARAMS = 4, STDIN = 5, GET_VALUES = 9;

export function record(type, content = Buffer.alloc(0), id = 1) {
	const body = Buffer.from(content), pad = (8 - body.length % 8) % 8;
	const head = Buffer.from([1, type, id >> 8, id & 255, body.length >> 8, body.length & 255, pad, 0]);
	return Buffer.concat([head, body, Buffer.alloc(pad)]);
}

const length = (n) => n < 128 ? Buffer.from([n]) : Buffer.from([n >>> 24 | 128, n >> 16 & 255, n >> 8 & 255, n & 255]);

export function pairs(params) {
	return Buffer.concat(Object.entries(params).flatMap(([name, value]) => {
		const [n, v] = [Buffer.from(name), Buffer.from(String(value))];
		return [length(n.length), length(v.length), n, v];
	}));
}

/* BEGIN (role responder, keep the connection or not) and all parameters. */
export function opening(params, { keep = false, id = 1 } = {}) {
	return Buffer.concat([
		record(BEGIN, Buffer.from([0, 1, keep ? 1 : 0, 0, 0, 0, 0, 0]), id),
		record(PARAMS, pairs(params), id), record(PARAMS, '', id),
	]);
}

export const request = (method, path, { body = '', ...more } = {}) => ({
	REQUEST_METHOD: method, PATH_INFO: path, QUERY_STRING: '', REMOTE_ADDR: '127.0.0.1',
	REQUEST_ID: 'test', CONTENT_TYPE: body ? 'application/json' : '',
	CONTENT_LENGTH: body ? Buffer.byteLength(body) : '', ...more,
});

/* A connection to a program of a stack: { socket, closed: all that came }. */
export function dial(stack, program) {
	const socket = connect(join(stack.socket, `${program}.sock`));
	const chunks = [];
	socket.on('data', (chunk) => chunks.push(chunk));
	socket.on('error', () => {});
	const closed = new Promise((resolve) => socket.on('close', () => resolve(Buffer.concat(chunks))));
	return { socket, closed, so_far: () => Buffer.concat(chunks) };
}

/* STDOUT of an answer, and how often a request ended in it. */
export function parse(bytes) {
	let text = '', ends = 0;
	for (let at = 0; at + 8 <= bytes.length;) {
		const [type, n, pad] = [bytes[at + 1], bytes.readUInt16BE(at + 4), bytes[at + 6]];
		if (type === 6)
			text += bytes.subarray(at + 8, at + 8 + n).toString();
		ends += type === 3;
		at += 8 + n + pad;
	}
	return { text, ends, status: Number(/^Status: (\d+)/.exec(text)?.[1]) };
}
