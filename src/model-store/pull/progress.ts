/**
 * Progress of a pull. `bytes` of `totalBytes` counts the packages of the model.
 * - `waiting`: another process, `pid`, pulls the same model.
 * - `downloading`: the registry's client downloads `package`.
 * - `unpacking`: all packages are here, and their files are checked and unpacked.
 */
export type PullProgress =
	| { readonly phase: "waiting"; readonly model: string; readonly pid: number }
	| {
			readonly phase: "downloading" | "unpacking";
			readonly model: string;
			/** The package, as its client spells a pinned version. Absent while unpacking. */
			readonly package?: string;
			readonly bytes: number;
			readonly totalBytes: number;
	  };
