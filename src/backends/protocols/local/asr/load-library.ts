import { createRequire } from "node:module";
import { SpearError } from "../../../../errors/spear-error.ts";
import { installSpeech, type SpeechPackages } from "./packages.ts";
import type { SpeechLibrary } from "./sherpa.ts";
import { nativeLibrary } from "./sherpa-native.ts";
import { wasmLibrary } from "./sherpa-wasm.ts";

const load = createRequire(import.meta.url);

/**
 * Loads the native package, else the one in WebAssembly. Runs in the thread of an engine.
 *
 * @throws SpearError `internal` if none can be loaded.
 */
export function loadLibrary({ native, wasm }: SpeechPackages): SpeechLibrary {
	const library = attempt(native, nativeLibrary) ?? attempt(wasm, wasmLibrary);
	if (library !== undefined) return library;
	const remedy =
		wasm === undefined
			? `the native package of speech recognition cannot be loaded on this machine; use the one in WebAssembly (engine = "auto" or "wasm"): ${installSpeech("wasm")}`
			: `the package of speech recognition cannot be loaded; install it again: ${installSpeech("wasm")}`;
	throw new SpearError("internal", remedy);
}

/** Returns the library of a package, or `undefined` if it cannot be loaded or is another version. */
function attempt(path: string | undefined, libraryOf: (exports: unknown) => SpeechLibrary | undefined): SpeechLibrary | undefined {
	if (path === undefined) return undefined;
	try {
		return libraryOf(load(path));
	} catch {
		return undefined;
	}
}
