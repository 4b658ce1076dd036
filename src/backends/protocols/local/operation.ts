import type { OperationBackends } from "../../../../generated/backends/operations.ts";
import type { Operation } from "../../../../generated/ir/operations.ts";
import type { SpearError } from "../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../backend.ts";
import type { ModelFiles } from "./model-files.ts";
import type { LocalOptions } from "./options.ts";

/** Parts that every operation of an instance has. */
export interface LocalContext {
	readonly config: InstanceConfig;
	readonly options: LocalOptions;
	readonly files: ModelFiles;
	/** Notes an engine, the model that takes its memory, and the operations that use it. */
	register(model: string, engine: { readonly isLoaded: boolean }, operations: readonly Operation[]): void;
}

/** An operation of an instance, with the engine behind it. */
export interface LocalOperation<O extends Operation> {
	readonly backend: OperationBackends[O];
	/**
	 * Checks that packages and files of the engine are there. Does not start the engine.
	 *
	 * @throws SpearError with the remedy for the first missing part.
	 */
	check(): Promise<void>;
	/** Ends every request with `reason`, and the threads of the engine. */
	close(reason: SpearError): Promise<void>;
}

/** The operations of an instance. `undefined` for an operation that the kind does not serve. */
export type LocalOperations = { readonly [O in Operation]: LocalOperation<O> | undefined };
