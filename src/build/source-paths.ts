import { GUEST_LIBRARY_NAMESPACE, MADE_NAMESPACE } from "./guest-library.ts";

/**
 * Returns the path of a source as stack traces show it: `src/agent.ts` of the project, `spear-hostcall/guest/chat.ts` of the guest library,
 * `node_modules/left-pad/index.js` of a package, wherever the package is installed. No path of this machine remains.
 *
 * @param source A source of esbuild's map, relative to the project.
 */
export function shownSource(source: string): string {
	const path = source.replaceAll("\\", "/");
	if (path.startsWith(`${GUEST_LIBRARY_NAMESPACE}:`)) return `${GUEST_LIBRARY_NAMESPACE}/${path.slice(GUEST_LIBRARY_NAMESPACE.length + 1)}`;
	if (path.startsWith(`${MADE_NAMESPACE}:`)) return `${GUEST_LIBRARY_NAMESPACE}/guest/platform/${path.slice(MADE_NAMESPACE.length + 1)}`;
	const installed = path.lastIndexOf("node_modules/");
	if (installed >= 0) return path.slice(installed);
	// Sources on another drive, and sources that a package's own map names, may have absolute paths or addresses.
	return /^(?:\/|[a-z][a-z0-9+.-]*:)/i.test(path) ? path.slice(path.lastIndexOf("/") + 1) : path;
}
