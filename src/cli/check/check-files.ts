import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { NamedBackend } from "../../config/backend-settings.ts";
import { fileFault } from "../../errors/file-fault.ts";
import type { DoctorCheck } from "../doctor/doctor-check.ts";

/** Names of the options that hold paths, for each kind alike. */
const PATH_OPTION = /_(?:file|path|paths|dir)$/;

/** Checks that the host can read the files and folders that options of backends name. Files that can be read add no check. */
export async function checkFiles(backends: readonly NamedBackend[]): Promise<DoctorCheck[]> {
	const named = backends.flatMap(({ name, config }) =>
		Object.entries(config.options ?? {})
			.filter(([option]) => PATH_OPTION.test(option))
			.flatMap(([option, value]) => textsIn(value).map((path) => ({ name, option, path }))),
	);
	const checks = await Promise.all(
		named.map(async ({ name, option, path }): Promise<DoctorCheck[]> => {
			const fault = await access(path, constants.R_OK).then(() => undefined, fileFault);
			if (fault === undefined) return [];
			return [
				{ area: "file", name, status: "problem", message: `${option}: ${path}: ${fault}`, remedy: `correct ${option} of backend ${name}` },
			];
		}),
	);
	return checks.flat();
}

function textsIn(value: unknown): string[] {
	if (typeof value === "string") return [value];
	return typeof value === "object" && value !== null ? Object.values(value).filter((item) => typeof item === "string") : [];
}
