import { guestName } from "../../errors/guest-name.ts";
import { HttpError } from "../http-error.ts";
import type { BackendPatch, ReloadRequest } from "./api.ts";

/**
 * Returns the body of a change of a backend.
 *
 * @throws HttpError 400 for an unknown member or a value that is none; `param` names the member.
 */
export function backendPatchOf(body: Readonly<Record<string, unknown>>): BackendPatch {
	checkMembers(body, ["enabled", "draining", "weight"]);
	const { enabled, draining, weight } = body;
	const patch: BackendPatch = {};
	if (enabled !== undefined) patch.enabled = booleanOrNull("enabled", enabled);
	if (draining !== undefined) patch.draining = booleanOrNull("draining", draining);
	if (weight !== undefined) {
		if (weight !== null && !(typeof weight === "number" && weight >= 0 && weight <= 1_000_000))
			throw refused("weight", "it must be a number from 0 to 1000000, or null");
		patch.weight = weight;
	}
	return patch;
}

/** As `backendPatchOf`, for a reload. */
export function reloadRequestOf(body: Readonly<Record<string, unknown>>): ReloadRequest {
	checkMembers(body, ["dry_run"]);
	const { dry_run } = body;
	if (dry_run === undefined) return {};
	if (typeof dry_run !== "boolean") throw refused("dry_run", "it must be true or false");
	return { dry_run };
}

function checkMembers(body: object, known: readonly string[]): void {
	const unknown = Object.keys(body).find((name) => !known.includes(name));
	if (unknown !== undefined) throw refused(guestName(unknown), `there is no such member; there are: ${known.join(", ")}`);
}

function booleanOrNull(name: string, value: unknown): boolean | null {
	if (value === null || typeof value === "boolean") return value;
	throw refused(name, "it must be true, false or null");
}

function refused(param: string, fault: string): HttpError {
	return new HttpError(400, "invalid_request", `${param}: ${fault}`, { param });
}
