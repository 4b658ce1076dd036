const nodeConsole = globalThis.console;

let guestConsole: Console | undefined;

/**
 * Keeps the console that the guest library has just installed, and restores that of Node. The guest's console counts during runs alone. Otherwise the
 * lines of the test would go to the host's log.
 */
export function adoptGuestConsole(): void {
	if (globalThis.console === nodeConsole) return;
	guestConsole = globalThis.console;
	globalThis.console = nodeConsole;
}

/** Installs the guest's console, if the guest library has been loaded. Returns the function that restores the former one. */
export function useGuestConsole(): () => void {
	const former = globalThis.console;
	if (guestConsole !== undefined) globalThis.console = guestConsole;
	return () => {
		globalThis.console = former;
	};
}
