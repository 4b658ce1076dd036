/** The server's side of RFC 6455 for tests, without extensions. Independent of the library that the client uses. */
import { createHash } from "node:crypto";

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
	readonly opcode: number;
	readonly fin: boolean;
	readonly payload: Buffer;
}

/** Returns the `Sec-WebSocket-Accept` for a client's key. */
export function acceptKey(key: string): string {
	return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** Returns a server's frame: unmasked, and final unless `fin` is false. */
export function serverFrame(opcode: number, payload: Buffer | string, { fin = true } = {}): Buffer {
	const body = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
	const first = (fin ? 0x80 : 0) | opcode;
	if (body.length < 126) return Buffer.concat([Buffer.from([first, body.length]), body]);
	const head = Buffer.alloc(body.length < 65_536 ? 4 : 10);
	head[0] = first;
	if (head.length === 4) {
		head[1] = 126;
		head.writeUInt16BE(body.length, 2);
	} else {
		head[1] = 127;
		head.writeBigUInt64BE(BigInt(body.length), 2);
	}
	return Buffer.concat([head, body]);
}

export function closeFrame(code: number, reason = ""): Buffer {
	const body = Buffer.alloc(2 + Buffer.byteLength(reason));
	body.writeUInt16BE(code);
	body.write(reason, 2);
	return serverFrame(OPCODES.close, body);
}

/** Splits a client's bytes into frames, which must be masked. */
export class ClientFrames {
	#rest: Buffer = Buffer.alloc(0);

	*push(chunk: Buffer): Generator<Frame> {
		this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		for (let frame = this.#take(); frame !== undefined; frame = this.#take()) yield frame;
	}

	#take(): Frame | undefined {
		const [first, second] = this.#rest;
		if (first === undefined || second === undefined) return undefined;
		if ((second & 0x80) === 0) throw new Error("a client's frame must be masked");
		const short = second & 0x7f;
		const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
		if (this.#rest.length < 6 + lengthBytes) return undefined;
		const length = lengthBytes === 8 ? Number(this.#rest.readBigUInt64BE(2)) : lengthBytes === 2 ? this.#rest.readUInt16BE(2) : short;
		const start = 6 + lengthBytes;
		if (this.#rest.length < start + length) return undefined;
		const mask = this.#rest.subarray(2 + lengthBytes, start);
		const payload = Buffer.from(this.#rest.subarray(start, start + length));
		for (let at = 0; at < length; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
		this.#rest = this.#rest.subarray(start + length);
		return { opcode: first & 0x0f, fin: (first & 0x80) !== 0, payload };
	}
}
