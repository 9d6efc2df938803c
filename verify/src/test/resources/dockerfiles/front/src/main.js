document.body.append("built for ENVIRONMENT");
