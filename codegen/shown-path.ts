/** Paths in messages. */
import * as path from "node:path";

/** A path as people see it: relative to where they are, unless that would lead far up. */
export function shown(base: string, file: string): string {
	const relative = posix(path.relative(base, file));
	return relative.startsWith("../../") ? posix(file) : relative === "" ? "." : relative;
}

export function posix(file: string): string {
	return file.split(path.sep).join("/");
}
