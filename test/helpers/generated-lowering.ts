/** Lowering that codegen generates for the WIT of a test, loaded into this process. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loweringEmitter } from "../../codegen/emit/abi-component/lowering/index.ts";
import type { Abi } from "../../codegen/model/abi.ts";
import type { ExportLifting, InterfaceLowering } from "../../generated/abi/component/lowering/runtime.ts";
import { abiOf, emitText, GeneratedFiles } from "./codegen.ts";
import { ROOT } from "./guest.ts";

export interface GeneratedLowering {
	readonly interfaces: readonly InterfaceLowering[];
	readonly exports: Readonly<Record<string, ExportLifting>>;
}

const RUNTIME = "abi/component/lowering/runtime.ts";

/**
 * Generates the lowering of a package. The code uses the project's own runtime: a copy would throw traps of a class of its own, which the host
 * does not know.
 */
export async function generateLowering(wit: string | Abi): Promise<GeneratedLowering> {
	const written = await writeLowering(wit);
	try {
		return await loadLowering(written.directory);
	} finally {
		await written.remove();
	}
}

/** Writes the lowering of a package to a directory of its own. */
export async function writeLowering(wit: string | Abi): Promise<GeneratedFiles> {
	const files = await emitText(loweringEmitter, typeof wit === "string" ? abiOf(wit) : wit);
	const runtime = pathToFileURL(`${ROOT}generated/${RUNTIME}`).href;
	return GeneratedFiles.write(files.set(RUNTIME, `export * from ${JSON.stringify(runtime)};\n`));
}

/** Loads the lowering of a directory. */
export async function loadLowering(directory: string): Promise<GeneratedLowering> {
	const { HOST_INTERFACES, EXPORTS } = await import(pathToFileURL(join(directory, "abi/component/lowering/index.ts")).href);
	if (!isInterfaces(HOST_INTERFACES) || !isLiftings(EXPORTS)) throw new TypeError("the generated index lacks its exports");
	return { interfaces: HOST_INTERFACES, exports: EXPORTS };
}

function isInterfaces(value: unknown): value is readonly InterfaceLowering[] {
	return Array.isArray(value) && value.every((each) => typeof Object(each).name === "string" && isObject(Object(each).functions));
}

function isLiftings(value: unknown): value is Readonly<Record<string, ExportLifting>> {
	return isObject(value) && Object.values(value).every((each) => typeof Object(each).key === "string");
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null;
}
