import type { LineBuffer } from "../../output/line-buffer.ts";
import { ERRNO } from "./errno.ts";
import { answering, type WasiFunction, type WasiFunctions } from "./wasi-function.ts";
import type { World } from "./world.ts";

/** Most buffers of one call. As IOV_MAX of Linux. */
const MAX_BUFFERS = 1_024;
/** Most bytes, and most lines, that one call writes. A guest that writes more calls again: libraries do. Otherwise a call could take a second. */
const MAX_WRITE_BYTES = 65_536;
const MAX_WRITE_LINES = 1_024;
/** Cost of a line, as a number of bytes whose cost is the same. */
const LINE_BYTES = 512;
const NEWLINE = 0x0a;
/** Bytes of a buffer's record: pointer and length. */
const BUFFER_BYTES = 8;

/** Kind of the standard descriptors. So C's standard output passes each line on at once, and a guest that traps has lost none. */
const CHARACTER_DEVICE = 2;
const RIGHT_READ = 1n << 1n;
const RIGHT_WRITE = 1n << 6n;
const RIGHT_POLL = 1n << 27n;

/** Returns the answer of a function for an open descriptor, and `badf` for any other. */
function onOpen(
	signature: string,
	call: (world: World, fd: number, ...rest: never[]) => number | Promise<number>,
	waits = false,
): WasiFunction {
	return {
		signature,
		waits,
		call: (world: World, fd: number, ...rest: never[]) => (world.open.has(fd) ? call(world, fd, ...rest) : ERRNO.badf),
	};
}

function outputOf(world: World, fd: number): LineBuffer | undefined {
	if (fd === 1) return world.stdout;
	return fd === 2 ? world.stderr : undefined;
}

/** Reads the records of buffers. Returns pointers and lengths, or `undefined` for too many. */
function readBuffers({ memory }: World, list: number, count: number): { pointer: number; length: number }[] | undefined {
	if (count >>> 0 > MAX_BUFFERS) return undefined;
	const records = memory.view(list, count * BUFFER_BYTES);
	return Array.from({ length: count }, (_, index) => ({
		pointer: records.getUint32(index * BUFFER_BYTES, true),
		length: records.getUint32(index * BUFFER_BYTES + 4, true),
	}));
}

/** Returns the beginning of a text in parts, as much of it as one call writes. */
function takeParts(texts: readonly Uint8Array[]): {
	readonly parts: readonly Uint8Array[];
	readonly bytes: number;
	readonly lines: number;
} {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	let lines = 0;
	for (const text of texts) {
		const end = Math.min(text.length, MAX_WRITE_BYTES - bytes);
		let taken = 0;
		while (taken < end && lines < MAX_WRITE_LINES) {
			const newline = text.indexOf(NEWLINE, taken);
			if (newline !== -1 && newline < end) lines += 1;
			taken = newline === -1 ? end : Math.min(newline + 1, end);
		}
		parts.push(text.subarray(0, taken));
		bytes += taken;
		if (taken < text.length) break;
	}
	return { parts, bytes, lines };
}

/** Descriptors: 0 is an empty input, 1 and 2 are lines of output. There are no others, and no directories. */
export const DESCRIPTORS: WasiFunctions = {
	fd_write: onOpen(
		"iiii>i",
		(world, fd, list: number, count: number, written: number) => {
			const output = outputOf(world, fd);
			if (output === undefined) return ERRNO.badf;
			const { memory } = world;
			const buffers = readBuffers(world, list, count);
			if (buffers === undefined) return ERRNO.inval;
			const taken = takeParts(buffers.map(({ pointer, length }) => memory.bytes(pointer, length)));
			memory.setU32(written, taken.bytes);
			const waiting = fd === 1 ? world.emit(taken.parts) : undefined;
			for (const part of taken.parts) output.write(part);
			world.charge(taken.bytes + taken.lines * LINE_BYTES);
			if (waiting === undefined) return ERRNO.success;
			return waiting.then(
				() => ERRNO.success,
				() => ERRNO.io,
			);
		},
		true,
	),
	fd_read: onOpen("iiii>i", (world, fd, list: number, count: number, read: number) => {
		if (fd !== 0) return ERRNO.badf;
		if (readBuffers(world, list, count) === undefined) return ERRNO.inval;
		world.memory.setU32(read, 0);
		return ERRNO.success;
	}),
	fd_close: onOpen("i>i", ({ open }, fd) => {
		open.delete(fd);
		return ERRNO.success;
	}),
	fd_fdstat_get: onOpen("ii>i", ({ memory }, fd, out: number) => {
		const stat = memory.view(out, 24);
		stat.setUint8(0, CHARACTER_DEVICE);
		stat.setUint8(1, 0);
		stat.setUint16(2, 0, true);
		stat.setUint32(4, 0, true);
		stat.setBigUint64(8, (fd === 0 ? RIGHT_READ : RIGHT_WRITE) | RIGHT_POLL, true);
		stat.setBigUint64(16, 0n, true);
		return ERRNO.success;
	}),
	fd_filestat_get: onOpen("ii>i", ({ memory }, _fd, out: number) => {
		memory.bytes(out, 64).fill(0);
		memory.view(out, 64).setUint8(16, CHARACTER_DEVICE);
		return ERRNO.success;
	}),
	// No read or write of this world waits, so the flags change nothing.
	fd_fdstat_set_flags: onOpen("ii>i", () => ERRNO.success),
	fd_sync: onOpen("i>i", () => ERRNO.success),
	fd_datasync: onOpen("i>i", () => ERRNO.success),
	fd_seek: onOpen("iIii>i", () => ERRNO.spipe),
	fd_tell: onOpen("ii>i", () => ERRNO.spipe),
	fd_pread: onOpen("iiiIi>i", () => ERRNO.spipe),
	fd_pwrite: onOpen("iiiIi>i", () => ERRNO.spipe),
	fd_advise: onOpen("iIIi>i", () => ERRNO.spipe),
	fd_allocate: onOpen("iII>i", () => ERRNO.spipe),
	fd_filestat_set_size: onOpen("iI>i", () => ERRNO.inval),
	fd_filestat_set_times: onOpen("iIIi>i", () => ERRNO.notsup),
	fd_fdstat_set_rights: onOpen("iII>i", () => ERRNO.notsup),
	fd_renumber: onOpen("ii>i", () => ERRNO.notsup),
	fd_readdir: onOpen("iiiIi>i", () => ERRNO.notdir),
	// No directory is open: the first descriptor that a library asks for ends its search.
	fd_prestat_get: answering("ii>i", ERRNO.badf),
	fd_prestat_dir_name: answering("iii>i", ERRNO.badf),
	path_create_directory: onOpen("iii>i", () => ERRNO.notdir),
	path_filestat_get: onOpen("iiiii>i", () => ERRNO.notdir),
	path_filestat_set_times: onOpen("iiiiIIi>i", () => ERRNO.notdir),
	path_link: onOpen("iiiiiii>i", () => ERRNO.notdir),
	path_open: onOpen("iiiiiIIii>i", () => ERRNO.notdir),
	path_readlink: onOpen("iiiiii>i", () => ERRNO.notdir),
	path_remove_directory: onOpen("iii>i", () => ERRNO.notdir),
	path_rename: onOpen("iiiiii>i", () => ERRNO.notdir),
	path_symlink: {
		signature: "iiiii>i",
		call: ({ open }: World, _target: number, _length: number, fd: number) => (open.has(fd) ? ERRNO.notdir : ERRNO.badf),
	},
	path_unlink_file: onOpen("iii>i", () => ERRNO.notdir),
	sock_accept: onOpen("iii>i", () => ERRNO.notsock),
	sock_recv: onOpen("iiiiii>i", () => ERRNO.notsock),
	sock_send: onOpen("iiiii>i", () => ERRNO.notsock),
	sock_shutdown: onOpen("ii>i", () => ERRNO.notsock),
};
