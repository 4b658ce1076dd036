import type { ImportObject } from "../import-object.ts";
import { wasiCli } from "./cli.ts";
import { wasiClocks } from "./clocks.ts";
import { wasiFilesystem } from "./filesystem.ts";
import { Timers, wasiIo } from "./io.ts";
import { LineBuffer, type LineSink } from "./line-buffer.ts";
import { wasiRandom } from "./random.ts";

/** The functions of WASI that may wait, without the version: the transpiler has to make each a suspending import. */
export const WASI_ASYNC_IMPORTS = ["wasi:io/poll#poll", "wasi:io/poll#[method]pollable.block"] as const;

/** The WASI of one instance. */
export interface Wasi {
	readonly imports: ImportObject;
	/** Hands over the unfinished last lines. */
	flush(): void;
	/** Ends all waiting: timers are cleared, a guest still suspended on one stays so. */
	close(): void;
}

/**
 * A small WASI 0.2 for guests that reach the world through hostcalls only: clocks, random numbers and standard output are real;
 * environment, arguments, input and file system are empty; `wasi:http` and `wasi:sockets` do not exist.
 */
export function createWasi(stdout: LineSink, stderr: LineSink): Wasi {
	const timers = new Timers();
	const io = wasiIo(timers);
	const out = new LineBuffer(stdout);
	const err = new LineBuffer(stderr);
	const flush = () => {
		out.end();
		err.end();
	};
	return {
		imports: {
			...wasiCli(io, out, err),
			...wasiClocks(io),
			...wasiFilesystem(),
			...wasiRandom(),
			"wasi:io/error": { Error: io.IoError },
			"wasi:io/poll": { Pollable: io.Pollable, poll: io.poll },
			"wasi:io/streams": { InputStream: io.InputStream, OutputStream: io.OutputStream },
		},
		flush,
		close() {
			flush();
			timers.close();
		},
	};
}
