import type { CpuProfile } from "../abi/debug/cpu-profile.ts";
import { notWritable, writeAtomically } from "../build/write-output.ts";

/**
 * Writes a CPU profile, completely or not at all. Developer tools open a file by its ending, `.cpuprofile`.
 *
 * @throws SpearError `invalid_request` for a file that cannot be written, with the reason.
 */
export async function writeProfile(path: string, profile: CpuProfile): Promise<void> {
	await writeAtomically(path, Buffer.from(`${JSON.stringify(profile)}\n`)).catch(notWritable(path));
}
