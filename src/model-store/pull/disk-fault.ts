import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { bytesOnDisk, bytesToPull, type Model } from "../model.ts";

/** Codes of a disk, or a quota, that is full. */
const FULL = new Set(["ENOSPC", "EDQUOT"]);

/** Returns the error for a failure of the file system. @throws The value itself, if the file system did not fail. */
export function diskFault(thrown: unknown, directory: string, model: Model): SpearError {
	if (!(thrown instanceof Error && "syscall" in thrown && "code" in thrown)) throw thrown;
	const full = typeof thrown.code === "string" && FULL.has(thrown.code);
	const megabytes = Math.ceil((bytesOnDisk(model) + bytesToPull(model)) / 1e6);
	const remedy = full
		? `${model.name} needs ${megabytes} MB while it is pulled: make room, or set SPEAR_MODELS to a directory on another disk`
		: "set SPEAR_MODELS to a directory that this user can write";
	return new SpearError("backend_error", `${directory}: ${fileFault(thrown)}; ${remedy}`, { cause: thrown, processed: "no" });
}
