/** Returns true for the failure of a file operation whose file, folder or program does not exist. */
export function isAbsent(thrown: unknown): boolean {
	return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
