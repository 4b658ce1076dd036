import process from "node:process";
import { SpearError } from "../../../../errors/spear-error.ts";
import { installCommand, missingPackage } from "../../../kit/optional-package.ts";
import type { LocalOptions } from "../options.ts";
import type { PackagePaths } from "../package-paths.ts";

/** Version that this release is tested with. */
const VERSION = "1.13.8";

/** The packages of the library: native code, and WebAssembly that runs everywhere. */
const PACKAGES = { native: "sherpa-onnx-node", wasm: "sherpa-onnx" } as const;

/** Machines that the native package has builds for. */
const NATIVE_BUILDS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-ia32"];

/** Paths of the installed packages that an engine may use. At least one is there. */
export interface SpeechPackages {
	readonly native: string | undefined;
	readonly wasm: string | undefined;
}

/**
 * Returns the installed packages that an engine may use.
 *
 * @throws SpearError `internal` with the command that installs the missing package.
 */
export function speechPackages(engine: LocalOptions["engine"], source: PackagePaths): SpeechPackages {
	const native = engine === "wasm" ? undefined : source.pathOf(PACKAGES.native);
	const wasm = engine === "native" ? undefined : source.pathOf(PACKAGES.wasm);
	if (native !== undefined || wasm !== undefined) return { native, wasm };
	const form = engine === "auto" ? (hasNativeBuild() ? "native" : "wasm") : engine;
	throw new SpearError("internal", `speech recognition ${missingPackage(PACKAGES[form], VERSION)}`);
}

/** Returns the command that installs a package. */
export function installSpeech(form: keyof typeof PACKAGES): string {
	return installCommand(PACKAGES[form], VERSION);
}

function hasNativeBuild(): boolean {
	return NATIVE_BUILDS.includes(`${process.platform}-${process.arch}`);
}
