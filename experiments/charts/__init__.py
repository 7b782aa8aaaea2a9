"""Every chart of report and page, by Altair (Vega-Lite): functions of plain tables and words already said."""
