import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useConnection } from "../connection/hooks.ts";

/** Characters that a header can carry. */
const KEY = /^[\x21-\x7e]+$/;

/** Asks for the admin key. */
export function KeyPrompt({ reason, isBusy }: { readonly reason?: string | undefined; readonly isBusy: boolean }) {
	const connection = useConnection();
	const input = useRef<HTMLInputElement>(null);
	const [fault, setFault] = useState<string>();
	useLayoutEffect(() => input.current?.focus(), []);
	const shown = fault ?? reason;
	return (
		<main id="main" class="gate" tabIndex={-1}>
			<h1>Admin key</h1>
			<p>This page shows the backends, the traffic and the decisions of the server. The admin key opens it.</p>
			<form
				onSubmit={(event) => {
					event.preventDefault();
					const key = input.current?.value.trim() ?? "";
					const found = key === "" ? "Enter the key." : KEY.test(key) ? undefined : "A key has visible ASCII characters only.";
					setFault(found);
					if (found === undefined) connection.unlock(key);
				}}
			>
				<label for="admin-key">Key</label>
				<input
					id="admin-key"
					ref={input}
					type="password"
					autocomplete="off"
					spellcheck={false}
					maxLength={4096}
					aria-invalid={shown !== undefined}
					aria-describedby={shown === undefined ? "key-help" : "key-fault key-help"}
				/>
				<button type="submit" class="primary" disabled={isBusy}>
					{isBusy ? "Checking…" : "Open"}
				</button>
				{shown !== undefined && (
					<p id="key-fault" class="bad" role="alert">
						<span aria-hidden="true">✕</span> {shown}
					</p>
				)}
			</form>
			<p id="key-help" class="muted">
				The key is the value of the variable that <code>[server] admin_key_env</code> names, or the content of <code>admin_key_file</code>.
				The page keeps the key for this tab only, and sends it to this server only.
			</p>
		</main>
	);
}
