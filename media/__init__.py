"""Things to show: assets, creatives, their renditions, QR codes and the shelf of files."""
