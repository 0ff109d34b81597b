/** Seconds as the scenario writes them: `0:30`, `1:15`, `1:00:02`; `-0:01` before the start. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  const text = hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
  return seconds < 0 && whole > 0 ? `-${text}` : text;
}
