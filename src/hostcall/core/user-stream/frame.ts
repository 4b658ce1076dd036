import type { JsonValue } from "../../../../generated/ir/json.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { parseJson } from "../../../formats/json.ts";
import { decodeUtf8 } from "../../../formats/utf8.ts";

/** Bytes of a header without additions. */
const HEADER_BYTES = 32;

/** `SPST` in little-endian order. */
const MAGIC = 0x54535053;

const VERSION = 1;

/** Largest frame, in bytes. */
export const MAX_FRAME_BYTES = 262_144;

/** Largest number of a stream: guests open streams by signed numbers. */
const MAX_STREAM_ID = 0x7fff_ffff;

/** Types of frames by convention. A frame may have any other type. */
export const FrameType = { control: 1, data: 2, commit: 3 } as const;

/** A frame of a user stream. */
export interface Frame {
	/** Number of the stream, from 0 to 2^31 - 1. */
	readonly streamId: number;
	/** Type, as a number of {@link FrameType} or another one of 16 bits. */
	readonly type: number;
	/** Number of the frame in its stream, from 0 to 2^64 - 1. The default is 0. */
	readonly sequence?: bigint;
	/** Description of the frame. The default is none. */
	readonly meta?: JsonValue;
	/** Content. The default is none. */
	readonly data?: Uint8Array;
}

/** Places of a frame's parts. */
export interface FrameParts {
	readonly streamId: number;
	readonly type: number;
	readonly sequence: bigint;
	/** Description, as JSON in UTF-8. Not checked. */
	readonly meta: Uint8Array;
	readonly data: Uint8Array;
}

/** Returns the number of the frame's stream, or `undefined` for bytes that are no frame. Takes the same short time for each frame. */
export function streamOf(frame: Uint8Array): number | undefined {
	if (frame.byteLength < HEADER_BYTES) return undefined;
	const view = viewOf(frame);
	return isHeader(view) && lengthOf(view) === frame.byteLength ? view.getUint32(12, true) : undefined;
}

/**
 * Returns the length of the frame at the beginning of `bytes`, in bytes; `undefined` if the header is not whole yet.
 *
 * @throws SpearError `invalid_request` for bytes that begin no frame.
 */
export function frameLength(bytes: Uint8Array): number | undefined {
	if (bytes.byteLength < HEADER_BYTES) return undefined;
	const view = viewOf(bytes);
	if (!isHeader(view)) throw malformed("its header is no header of a frame");
	return lengthOf(view);
}

/** Returns the parts of a frame as views, or `undefined` for bytes that are no frame. */
export function framePartsOf(frame: Uint8Array): FrameParts | undefined {
	const streamId = streamOf(frame);
	if (streamId === undefined) return undefined;
	const view = viewOf(frame);
	const metaAt = view.getUint16(6, true);
	const dataAt = metaAt + view.getUint32(24, true);
	return {
		streamId,
		type: view.getUint16(8, true),
		sequence: view.getBigUint64(16, true),
		meta: frame.subarray(metaAt, dataAt),
		data: frame.subarray(dataAt),
	};
}

/**
 * Returns a frame as bytes, which `UserStreams.send` takes.
 *
 * @throws SpearError `invalid_request` for a number outside its range, and for a frame of more than {@link MAX_FRAME_BYTES}.
 */
export function encodeFrame({ streamId, type, sequence = 0n, meta, data = new Uint8Array(0) }: Frame): Uint8Array {
	checkNumber("streamId", streamId, MAX_STREAM_ID);
	checkNumber("type", type, 0xffff);
	if (BigInt.asUintN(64, sequence) !== sequence) throw malformed(`sequence: it must be from 0 to 2^64 - 1, and is ${sequence}`);
	const description = meta === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(meta));
	const bytes = HEADER_BYTES + description.byteLength + data.byteLength;
	if (bytes > MAX_FRAME_BYTES) throw tooLarge(bytes);
	const frame = new Uint8Array(bytes);
	const view = viewOf(frame);
	view.setUint32(0, MAGIC, true);
	view.setUint16(4, VERSION, true);
	view.setUint16(6, HEADER_BYTES, true);
	view.setUint16(8, type, true);
	view.setUint32(12, streamId, true);
	view.setBigUint64(16, sequence, true);
	view.setUint32(24, description.byteLength, true);
	view.setUint32(28, data.byteLength, true);
	frame.set(description, HEADER_BYTES);
	frame.set(data, HEADER_BYTES + description.byteLength);
	return frame;
}

/**
 * Returns the parts of a frame, such as `UserStreams.frames` yields. The data is a view of the frame.
 *
 * @throws SpearError `invalid_request` for bytes that are no frame, and for a description that is not JSON.
 */
export function decodeFrame(frame: Uint8Array): Required<Omit<Frame, "meta">> & Pick<Frame, "meta"> {
	const parts = framePartsOf(frame);
	if (parts === undefined) throw malformed("it is no frame, or has bytes too few or too many");
	const { streamId, type, sequence, meta, data } = parts;
	return { streamId, type, sequence, data, ...(meta.byteLength === 0 ? {} : { meta: jsonOf(meta) }) };
}

/**
 * Checks a frame for sending. Returns the number of its stream.
 *
 * @throws SpearError `invalid_request` for bytes that are no frame, and for a frame that is too large.
 */
export function checkFrame(frame: Uint8Array): number {
	if (!(frame instanceof Uint8Array)) throw malformed(`it must be a Uint8Array, and is ${typeof frame}`);
	const streamId = streamOf(frame);
	if (streamId === undefined) throw malformed("it is no frame, or has bytes too few or too many; make it with encodeFrame");
	if (frame.byteLength > MAX_FRAME_BYTES) throw tooLarge(frame.byteLength);
	checkNumber("streamId", streamId, MAX_STREAM_ID);
	return streamId;
}

function isHeader(view: DataView): boolean {
	return view.getUint32(0, true) === MAGIC && view.getUint16(4, true) === VERSION && view.getUint16(6, true) >= HEADER_BYTES;
}

/** Returns the length that a header states. The sum is exact: it is far below 2^53. */
function lengthOf(header: DataView): number {
	return header.getUint16(6, true) + header.getUint32(24, true) + header.getUint32(28, true);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
	return new DataView(buffer, byteOffset, byteLength);
}

function jsonOf(meta: Uint8Array): JsonValue {
	try {
		// JSON.parse returns JSON values only.
		return parseJson(decodeUtf8(meta)) as JsonValue;
	} catch (cause) {
		throw malformed("its description is not JSON", cause);
	}
}

function checkNumber(name: string, value: number, max: number): void {
	if (Number.isInteger(value) && value >= 0 && value <= max) return;
	throw malformed(`${name}: it must be a whole number from 0 to ${max}, and is ${value}`);
}

function tooLarge(bytes: number): SpearError {
	return malformed(`it has ${bytes} bytes, and at most ${MAX_FRAME_BYTES} are allowed; split the data`);
}

function malformed(fault: string, cause?: unknown): SpearError {
	return new SpearError("invalid_request", `frame: ${fault}`, cause === undefined ? {} : { cause });
}
