import { LineBuffer, type LineSink } from "../../output/line-buffer.ts";
import { Timers, type WaitsAtClose } from "../../timers.ts";
import type { ImportObject } from "../import-object.ts";
import { wasiCli } from "./cli.ts";
import { wasiClocks } from "./clocks.ts";
import { wasiFilesystem } from "./filesystem.ts";
import { wasiIo } from "./io.ts";
import { wasiRandom } from "./random.ts";

/** Functions of WASI that may wait, without the version. The transpiler makes each a suspending import. */
export const WASI_ASYNC_IMPORTS = ["wasi:io/poll#poll", "wasi:io/poll#[method]pollable.block"] as const;

/** The WASI of one instance. */
export interface Wasi {
	readonly imports: ImportObject;
	/** Passes the unfinished last lines to the sinks. */
	flush(): void;
	/** Clears every timer. */
	close(): void;
}

/**
 * Returns a small WASI 0.2, for guests that reach the world by hostcalls only. Clocks, random numbers and standard output are real.
 * Environment, arguments, input and file system are empty. `wasi:http` and `wasi:sockets` do not exist.
 */
export function createWasi(stdout: LineSink, stderr: LineSink, waitsAtClose: WaitsAtClose): Wasi {
	const timers = new Timers(waitsAtClose);
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
