/** Reasons by the error code of the operating system. */
const REASONS: ReadonlyMap<string, string> = new Map([
	["ENOENT", "no such file"],
	["EISDIR", "it is a directory"],
	["ENOTDIR", "a part of the path is not a directory"],
	["EEXIST", "something else is there already"],
	["ENOTEMPTY", "something else is there already"],
	["EACCES", "permission denied"],
	["EPERM", "permission denied"],
	["EROFS", "the file system is read-only"],
	["ENOSPC", "no space is left"],
	["EDQUOT", "no space is left"],
	["EMFILE", "too many files are open"],
	["ENAMETOOLONG", "the name is too long"],
]);

/** Returns the reason of a file system error in words, or its code if there are no words for it. */
export function fileFault(thrown: unknown): string {
	const code = thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
	return code === undefined ? "cannot be used" : (REASONS.get(code) ?? code);
}
