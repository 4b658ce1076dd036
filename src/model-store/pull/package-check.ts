import { stat } from "node:fs/promises";
import { SpearError } from "../../errors/spear-error.ts";
import { hashFile } from "../../paths/hash-file.ts";
import { digestOf } from "../digest.ts";
import type { ModelPackage } from "../model.ts";
import { describePackage } from "./describe-package.ts";

/** Returns true for a file with the size and the digest of a package. An absent file has neither. */
export async function isPackage(path: string, item: ModelPackage, signal?: AbortSignal): Promise<boolean> {
	const info = await stat(path).catch(() => undefined);
	if (!info?.isFile() || info.size !== item.bytes) return false;
	const { algorithm, hex } = digestOf(item.integrity);
	return (await hashFile(path, algorithm, signal)) === hex;
}

/** @throws SpearError for a file that is not the pinned package. */
export async function assertPackage(path: string, item: ModelPackage, signal?: AbortSignal): Promise<void> {
	if (await isPackage(path, item, signal)) return;
	const { size } = await stat(path);
	const found = size === item.bytes ? `has another ${digestOf(item.integrity).algorithm}` : `has ${size} bytes instead of ${item.bytes}`;
	const message = `${describePackage(item)} from the registry ${found}: it is cut, or not the package that this version was made with; nothing was unpacked`;
	throw new SpearError("backend_error", message, { processed: "no" });
}
