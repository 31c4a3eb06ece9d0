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
        if ($one.Code -eq 'AadPremiumLicenseRequired') {
            Write-Host '    The tenant has no license for it (Microsoft Entra ID P2): no role or permission changes that.'
        }
        else {
            Write-Host "    It takes the permission $($one.Scope), and the role $($one.Role) or one that includes it."
        }
    }
}
Write-Host "Written: $file"
Write-Host "Now run: aaddoctor check `"$file`""
