import process from "node:process";
import { SpearError } from "../../../../errors/spear-error.ts";
import { optionalPackage } from "../../../../packages/optional-package.ts";
import type { LocalOptions } from "../options.ts";

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

/** Access to packages. A test replaces it. */
export interface PackageSource {
	/** Returns the path of a package's module, or `undefined` if the package is not installed. Does not load it. */
	pathOf(name: string): string | undefined;
}

/** The packages where optional packages are installed. */
export const INSTALLED_PACKAGES: PackageSource = { pathOf: optionalPackage };

/**
 * Returns the installed packages that an engine may use.
 *
 * @throws SpearError `internal` with the command that installs the missing package.
 */
export function speechPackages(engine: LocalOptions["engine"], source: PackageSource): SpeechPackages {
	const native = engine === "wasm" ? undefined : source.pathOf(PACKAGES.native);
	const wasm = engine === "native" ? undefined : source.pathOf(PACKAGES.wasm);
	if (native !== undefined || wasm !== undefined) return { native, wasm };
	const form = engine === "auto" ? (hasNativeBuild() ? "native" : "wasm") : engine;
	throw new SpearError(
		"internal",
		`speech recognition needs the package ${PACKAGES[form]}, which is not installed; install it: ${installCommand(form)}`,
	);
}

/** Returns the command that installs a package. */
export function installCommand(form: keyof typeof PACKAGES): string {
	return `npm install ${PACKAGES[form]}@${VERSION}`;
}

function hasNativeBuild(): boolean {
	return NATIVE_BUILDS.includes(`${process.platform}-${process.arch}`);
}
