    if ($refused.Count -gt 0) {
        $writer.Write(',' + "`n" + '"@refused":' + (ConvertTo-Json -InputObject $refused.ToArray() -Depth 5 -Compress))
    }
    $writer.Write("`n}`n")
}
finally {
    $writer.Dispose()
}

Write-Host ''
if ($refused.Count -gt 0) {
    Write-Host 'This was refused, and stands in the file as an error:' -ForegroundColor Yellow
    foreach ($one in $refused) {
        Write-Host "  $($one.Call): $($one.Code): $($one.Message)"
        Write-Host "    It takes the permission $($one.Scope), and the role $($one.Role) or one that includes it."
    }
}
Write-Host "Written: $file"
Write-Host "Now run: aaddoctor check `"$file`""
