const SETTING = `[server]
admin_key_env = "SPEAR_ADMIN_KEY"`;

/** Instructions for a server without an admin API. */
export function AdminOff() {
	return (
		<main id="main" class="gate" tabIndex={-1}>
			<h1>The admin API is off</h1>
			<p>
				This page reads the admin API of the server. The API is off until it has a key of its own. Put these lines into{" "}
				<code>spear.toml</code>:
			</p>
			<pre>{SETTING}</pre>
			<p>
				Then set the variable to a random key, for example one of <code>openssl rand -hex 32</code>, and start the server again. A file with
				the key does too: <code>admin_key_file</code>.
			</p>
			<p class="muted">
				Without the page, <code>spear explain</code> and the header <code>x-spear-decision</code> of each answer still work.
			</p>
		</main>
	);
}
