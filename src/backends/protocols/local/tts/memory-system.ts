/**
 * The system calls of a program in WebAssembly, over memory alone: arguments, files to read, and one file to write. The program reaches no file,
 * no clock and no network of the host.
 *
 * @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */

import { bufferOf, type ImportedFunction, type WebAssemblyModule, webAssembly } from "./web-assembly.ts";

/** Error numbers of the interface. */
const ERRNO = { success: 0, badDescriptor: 8, invalid: 28, noEntry: 44, notSeekable: 70, tooBig: 22 } as const;

/** Descriptor of the folder that holds the files. Descriptors 0 to 2 are those of the console, which is discarded. */
const FOLDER = 3;

/** Types of descriptors, as `fd_fdstat_get` reports them. */
const TYPES = { character: 2, folder: 3, file: 4 } as const;

/** Thrown to unwind a program that ends by itself. */
class ProgramExit {
	readonly code: number;
	constructor(code: number) {
		this.code = code;
	}
}

export interface ProgramOptions {
	/** Arguments, the name of the program first. */
	readonly args: readonly string[];
	/** Content of the files that the program may read, by name. */
	readonly files: ReadonlyMap<string, Uint8Array>;
	/** Name of the file that the program may write. */
	readonly output: string;
	/** Longest output, in bytes. A longer one fails the program's write. */
	readonly maxOutput: number;
}

/** An open file of the program. */
interface OpenFile {
	readonly isOutput: boolean;
	readonly content: () => Uint8Array;
	position: number;
}

/** Memory and state of one run. */
class MemorySystem {
	readonly #options: ProgramOptions;
	readonly #open = new Map<number, OpenFile>();
	#output = new Uint8Array(64 * 1024);
	#length = 0;
	memory: unknown;

	constructor(options: ProgramOptions) {
		this.#options = options;
	}

	get output(): Uint8Array {
		return this.#output.subarray(0, this.#length);
	}

	/** The functions of the interface that a simple program needs. */
	imports(): Readonly<Record<string, ImportedFunction>> {
		const args = this.#options.args.map((arg) => Buffer.from(`${arg}\0`));
		return {
			args_sizes_get: (count: number, bytes: number) => this.#words([count, args.length], [bytes, Buffer.concat(args).length]),
			args_get: (list: number, text: number) => {
				let at = text;
				for (const [index, arg] of args.entries()) {
					this.#words([list + 4 * index, at]);
					this.#bytes.set(arg, at);
					at += arg.length;
				}
				return ERRNO.success;
			},
			clock_time_get: (_clock: number, _precision: bigint, result: number) => this.#long(result, 0n),
			fd_prestat_get: (fd: number, result: number) => (fd === FOLDER ? this.#words([result, 0], [result + 4, 1]) : ERRNO.badDescriptor),
			fd_prestat_dir_name: (_fd: number, path: number) => {
				this.#bytes.set([0x2f], path);
				return ERRNO.success;
			},
			fd_fdstat_get: (fd: number, result: number) => this.#status(fd, result),
			fd_fdstat_set_flags: () => ERRNO.success,
			fd_close: (fd: number) => (this.#open.delete(fd) || fd <= FOLDER ? ERRNO.success : ERRNO.badDescriptor),
			fd_read: (fd: number, list: number, count: number, result: number) => this.#read(fd, list, count, result),
			fd_write: (fd: number, list: number, count: number, result: number) => this.#write(fd, list, count, result),
			fd_seek: (fd: number, offset: bigint, whence: number, result: number) => this.#seek(fd, Number(offset), whence, result),
			path_open: (
				_folder: number,
				_look: number,
				path: number,
				length: number,
				_flags: number,
				_rights: bigint,
				_inherited: bigint,
				_fdFlags: number,
				result: number,
			) => this.#openPath(Buffer.from(this.#bytes.subarray(path, path + length)).toString(), result),
			proc_exit: (code: number) => {
				throw new ProgramExit(code);
			},
		};
	}

	get #bytes(): Uint8Array {
		return new Uint8Array(bufferOf(this.memory));
	}

	get #view(): DataView {
		return new DataView(bufferOf(this.memory));
	}

	#words(...values: readonly (readonly [at: number, value: number])[]): number {
		for (const [at, value] of values) this.#view.setUint32(at, value, true);
		return ERRNO.success;
	}

	#long(at: number, value: bigint): number {
		this.#view.setBigUint64(at, value, true);
		return ERRNO.success;
	}

	#status(fd: number, result: number): number {
		const type = fd < FOLDER ? TYPES.character : fd === FOLDER ? TYPES.folder : this.#open.has(fd) ? TYPES.file : undefined;
		if (type === undefined) return ERRNO.badDescriptor;
		this.#bytes.fill(0, result, result + 8);
		this.#bytes.set([type], result);
		const all = 0xffff_ffff_ffff_ffffn;
		this.#long(result + 8, all);
		return this.#long(result + 16, all);
	}

	#openPath(path: string, result: number): number {
		const isOutput = path === this.#options.output;
		const content = this.#options.files.get(path);
		if (!isOutput && content === undefined) return ERRNO.noEntry;
		let fd = FOLDER + 1;
		while (this.#open.has(fd)) fd++;
		this.#open.set(fd, { isOutput, content: () => content ?? this.output, position: 0 });
		return this.#words([result, fd]);
	}

	/** Returns the parts of the program's memory that a list names. */
	*#parts(list: number, count: number): Generator<Uint8Array, void, void> {
		for (let index = 0; index < count; index++) {
			const at = this.#view.getUint32(list + 8 * index, true);
			yield this.#bytes.subarray(at, at + this.#view.getUint32(list + 8 * index + 4, true));
		}
	}

	#read(fd: number, list: number, count: number, result: number): number {
		const file = this.#open.get(fd);
		if (fd < FOLDER) return this.#words([result, 0]);
		if (file === undefined) return ERRNO.badDescriptor;
		let total = 0;
		for (const part of this.#parts(list, count)) {
			const bytes = file.content().subarray(file.position, file.position + part.length);
			part.set(bytes);
			file.position += bytes.length;
			total += bytes.length;
		}
		return this.#words([result, total]);
	}

	#write(fd: number, list: number, count: number, result: number): number {
		const file = this.#open.get(fd);
		if (fd >= FOLDER && file?.isOutput !== true) return ERRNO.badDescriptor;
		let total = 0;
		for (const part of this.#parts(list, count)) {
			if (file !== undefined) {
				const end = file.position + part.length;
				if (end > this.#options.maxOutput) return ERRNO.tooBig;
				this.#grow(end);
				this.#output.set(part, file.position);
				file.position = end;
				this.#length = Math.max(this.#length, end);
			}
			total += part.length;
		}
		return this.#words([result, total]);
	}

	#grow(length: number): void {
		if (length <= this.#output.length) return;
		const larger = new Uint8Array(Math.max(length, 2 * this.#output.length));
		larger.set(this.output);
		this.#output = larger;
	}

	#seek(fd: number, offset: number, whence: number, result: number): number {
		const file = this.#open.get(fd);
		if (file === undefined) return fd < FOLDER ? ERRNO.notSeekable : ERRNO.badDescriptor;
		const base = whence === 0 ? 0 : whence === 1 ? file.position : file.content().length;
		const position = base + offset;
		if (position < 0 || position > this.#options.maxOutput) return ERRNO.invalid;
		file.position = position;
		return this.#long(result, BigInt(position));
	}
}

/**
 * Runs a program in a new instance and returns the file that it wrote.
 *
 * @throws Error if the program traps, ends with another code than 0, or needs other functions of the system.
 */
export async function runProgram(module: WebAssemblyModule, options: ProgramOptions): Promise<Uint8Array> {
	const system = new MemorySystem(options);
	const { exports } = await webAssembly.instantiate(module, { wasi_snapshot_preview1: system.imports() });
	const { memory, _start: start } = exports;
	if (typeof start !== "function") throw new Error("the program has no start");
	system.memory = memory;
	try {
		start();
	} catch (thrown) {
		if (!(thrown instanceof ProgramExit)) throw thrown;
		if (thrown.code !== 0) throw new Error(`the program ended with code ${thrown.code}`);
	}
	return system.output;
}
