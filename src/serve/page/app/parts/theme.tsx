import { useState } from "preact/hooks";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const STORAGE_KEY = "spear-theme";

function storedTheme(): Theme {
	const stored = localStorage.getItem(STORAGE_KEY);
	return THEMES.find((theme) => theme === stored) ?? "system";
}

function apply(theme: Theme): void {
	if (theme === "system") delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
}

/** Applies the theme that was chosen in an earlier visit. */
export function applyStoredTheme(): void {
	apply(storedTheme());
}

export function ThemeChoice() {
	const [theme, setTheme] = useState(storedTheme());
	return (
		<label class="theme">
			<span class="hidden">Colours</span>
			<select
				value={theme}
				onChange={({ currentTarget }) => {
					const chosen = THEMES.find((each) => each === currentTarget.value) ?? "system";
					localStorage.setItem(STORAGE_KEY, chosen);
					apply(chosen);
					setTheme(chosen);
				}}
			>
				<option value="system">System colours</option>
				<option value="light">Light</option>
				<option value="dark">Dark</option>
			</select>
		</label>
	);
}
