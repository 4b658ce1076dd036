/** The WIT files as they are, above a notice: a directory that a guest's build can be pointed at, complete in itself. */
import { sorted } from "../../model/build-abi.ts";
import { header } from "../kit/header.ts";
import type { WitCopy } from "./encoded-package.ts";

/** By path relative to `guest/wit/`. */
export function witCopies(witFiles: ReadonlyMap<string, string>): WitCopy[] {
	return sorted(witFiles.keys()).map((path) => ({
		path,
		// Last: the official parser takes a comment above `package` for its documentation, of which a package may have one only.
		content: `${(witFiles.get(path) ?? "").replaceAll("\r\n", "\n").trimEnd()}\n\n${header([`wit/${path}`])}`,
	}));
}
