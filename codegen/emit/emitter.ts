/** The contract between the pipeline and its emitters: one emitter a target, pure functions of the ABI. */

import type { Memo } from "../cache/memo.ts";
import type { CodegenConfig } from "../config.ts";
import type { Abi } from "../model/abi.ts";
import type { CoreAbi } from "../model/core/core-abi.ts";
import type { Model } from "../model/model.ts";

export interface Emitter {
	/** Names the target in logs and in `manifest.json`, e.g. `ir`. */
	readonly name: string;
	/** All files of the target. Deterministic: the same input gives the same bytes, whatever the machine or locale. */
	emit(input: EmitInput): Promise<readonly EmittedFile[]>;
}

export interface EmitInput {
	readonly abi: Abi;
	/** WASI as the host offers it: the packages of the directory `wasi/` beside the WIT files. Absent: there is no such directory. */
	readonly wasi?: Model;
	/** The hostcalls of core modules: the package of the directory `spear-core/` beside the WIT files. Absent: there is no such directory. */
	readonly core?: CoreAbi;
	readonly config: CodegenConfig;
	/** The WIT files as read: path relative to the WIT directory → text. */
	readonly witFiles: ReadonlyMap<string, string>;
	/** Keeps what is slow to make. */
	readonly memo: Memo;
}

export interface EmittedFile {
	/** Relative to `generated/`, with `/` separators. */
	readonly path: string;
	readonly content: string | Uint8Array;
}
