import type { NamedBackend } from "../config/backend-settings.ts";

/** Returns a function that tells if the operator lets a backend pass a member of a request that the ABI has no field for. */
export function passedMembers(backends: readonly Pick<NamedBackend, "config">[]): (name: string) => boolean {
	const allowed = backends.flatMap(({ config }): unknown[] => {
		const option: unknown = config.options?.allow_provider_options;
		return Array.isArray(option) ? option : [option];
	});
	const names = new Set(allowed);
	return (name) => names.has(true) || names.has(name);
}
